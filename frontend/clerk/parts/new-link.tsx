/** Another tracking link for a customer who has lost the first one: it asks first, because the old one stops at once. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { DeskDelivery, GiveLink } from "../api";
import { useDesk } from "../desk";
import { ProblemBanner } from "./pieces";
import { ask } from "../session";
import { TrackingLink } from "./tracking-link";

const OVER = new Set(["delivered", "returned", "cancelled", "lost"]);

export function NewLink({ delivery }: { delivery: DeskDelivery }) {
  const [address, setAddress] = useState<string | null>(null);
  if (address !== null) return <GivenLink address={address} name={delivery.recipient_first_name} />;
  if (!delivery.is_by_hand || OVER.has(delivery.status)) return null;
  return (
    <details class="legend">
      <summary>{t("The customer has lost the link")}</summary>
      <div class="stack">
        {delivery.can_give_link ? <Asking delivery={delivery} onGiven={setAddress} /> : (
          <p>{t("No new link here any more: the page shows the customer's PIN from now on, and nobody at the counter may see that. Your office has the link on its Mallrun page.")}</p>
        )}
      </div>
    </details>
  );
}

function Asking({ delivery, onGiven }: { delivery: DeskDelivery; onGiven: (address: string) => void }) {
  const desk = useDesk();
  const [problem, setProblem] = useState<Problem | null>(null);
  /** No answer came: the old link may have stopped all the same. */
  const [isUnsure, setUnsure] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const name = delivery.recipient_first_name;

  async function give(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    const sender = desk.view.value.state?.clerk?.id ?? null;
    const answer = await ask<GiveLink, { tracking_url: string }>(desk, `/deliveries/${delivery.id}/link`, {}, { sender });
    setBusy(false);
    setProblem(answer.status === "done" ? null : answer.problem);
    setUnsure(answer.status === "unreachable");
    if (answer.status !== "done") return void desk.live.refresh();
    onGiven(new URL(answer.value.result.tracking_url, location.origin).href);
    desk.live.replace(answer.value.state);
  }

  return (
    <>
      <p>{t("Make sure that it is the customer who asks: whoever has the link can follow the delivery.")}</p>
      {problem && <ProblemBanner problem={problem} />}
      {isUnsure && <p>{t("The link before may have stopped already. Try again as soon as there is a connection.")}</p>}
      <button type="button" class="button button-wide" aria-disabled={isBusy} onClick={() => void give()}>
        {isBusy ? t("Making the link…") : t("Make a new link: the one that {name} has stops at once", { name })}
      </button>
    </>
  );
}

function GivenLink({ address, name }: { address: string; name: string }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <section class="stack stack-tight" aria-labelledby="given-link">
      <h3 id="given-link" ref={title} tabIndex={-1}>{t("{name}'s new link: the old one has stopped", { name })}</h3>
      <TrackingLink address={address} />
    </section>
  );
}
