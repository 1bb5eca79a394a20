/** Calling the dispatcher of a place by a tap: the phone's own matter, so it needs no connection with the server. */
import callsDispatcher from "../../generated/calls-dispatcher.json";
import { t } from "../../lib/i18n";

interface CallLinkProps {
  /** As a dispatcher has typed it. */
  number: string;
  /** The code of a refusal: nothing is shown below one whose next step is another. */
  about?: string | undefined;
}

export function CallLink({ number, about }: CallLinkProps) {
  if (about !== undefined && !callsDispatcher.includes(about)) return null;
  return (
    <a class="button button-wide" data-action="call-dispatcher" href={`tel:${number.replace(/[^+\d]/g, "")}`}>
      {t("Call the dispatcher")}
    </a>
  );
}
