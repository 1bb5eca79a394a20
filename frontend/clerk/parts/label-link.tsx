/** A link to labels. Without a connection it says so, where a new tab would only show the browser's own error. */
import type { ComponentChildren } from "preact";
import { t } from "../../lib/i18n";
import { say, useDesk } from "../desk";

interface Props {
  /** The delivery. */
  id: string;
  /** One parcel's label as a picture; without it all of them as PDF. */
  parcel?: number;
  class: string;
  children: ComponentChildren;
}

export function LabelAnchor({ id, parcel, class: name, children }: Props) {
  const desk = useDesk();
  const file = parcel === undefined ? "label.pdf" : `label.png?parcel=${parcel}`;

  function guard(event: Event): void {
    // Signed in by the tablet alone: the server would refuse.
    if (desk.view.value.freshness !== "offline" && desk.session.offline.value === null) return;
    event.preventDefault();
    say(desk, t("Labels are made by the server, and there is no connection now. Write name and area on the parcel, or wait."));
  }

  return <a class={name} href={`/desk/api/deliveries/${id}/${file}`} target="_blank" rel="noopener" onClick={guard}>{children}</a>;
}
