/** Cancelling a delivery: a reason, and the consequence on the button itself. */
import { useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { CancelDelivery, DeskDelivery } from "../api";
import { say, useDesk } from "../desk";
import { ProblemBanner } from "./pieces";
import { go } from "../route";

const LONGEST_REASON = 200;

export function CancelForm({ delivery }: { delivery: DeskDelivery }) {
  const desk = useDesk();
  const [reason, setReason] = useState("");
  const [other, setOther] = useState("");
  const [isMissing, setMissing] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const reasons = [t("The customer asked for it"), t("An article is not in stock"), t("It was entered twice"), t("It was entered with a mistake")];
  const text = reason === "other" ? other.trim() : reason;
  const name = delivery.recipient_first_name;

  async function cancel(event: Event): Promise<void> {
    event.preventDefault();
    setMissing(!text);
    if (!text) return;
    const outcome = await desk.outbox.submit<CancelDelivery>(`/deliveries/${delivery.id}/cancel`, { reason: text });
    if (outcome.status === "refused") return setProblem(outcome.problem);
    say(desk, outcome.status === "done" ? t("{name}'s delivery is cancelled.", { name }) : t("{name}'s delivery will be cancelled. Kept on this tablet until there is a connection.", { name }));
    go({ screen: "board" });
  }

  return (
    <details class="legend">
      <summary>{t("Cancel this delivery")}</summary>
      <form class="stack" onSubmit={(event) => void cancel(event)}>
        <fieldset class="field">
          <legend>{t("Why?")}</legend>
          <div class="choices">
            {[...reasons, "other"].map((value) => (
              <label key={value}>
                <input type="radio" name="reason" value={value} checked={reason === value} onChange={() => setReason(value)} />
                {value === "other" ? t("Another reason") : value}
              </label>
            ))}
          </div>
          {isMissing && <p class="field-error" role="alert">{t("Say why: it stands in the record of this order.")}</p>}
        </fieldset>
        {reason === "other" && (
          <div class="field">
            <label for="cancel-reason">{t("Reason")}</label>
            <input id="cancel-reason" value={other} maxLength={LONGEST_REASON} onInput={(event) => setOther(event.currentTarget.value)} />
          </div>
        )}
        {problem && <ProblemBanner problem={problem} />}
        <button class="button button-stop button-wide">
          {delivery.driver_first_name
            ? t("Cancel for good: {driver} will not collect it, {name} is told", { driver: delivery.driver_first_name, name })
            : t("Cancel for good: {name} is told", { name })}
        </button>
      </form>
    </details>
  );
}
