/** Cancelling a delivery: a reason that the customer is told, and the consequence on the button itself. */
import { useRef, useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { CancelDelivery, CancelReason, DeskDelivery } from "../api";
import { say, useDesk } from "../desk";
import { ChoiceField, TextField } from "./fields";
import { ProblemBanner } from "./pieces";
import { go } from "../route";
import { cancelWords } from "../words";

const LONGEST_NOTE = 200;
/** Without `corrected`: who enters an order again does so from the screen that was open after placing it. */
const REASONS: readonly CancelReason[] = ["out_of_stock", "damaged", "customer_asked", "no_time", "mistake", "other"];

export function CancelForm({ delivery }: { delivery: DeskDelivery }) {
  const desk = useDesk();
  const [reason, setReason] = useState<CancelReason | null>(null);
  const [note, setNote] = useState("");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const name = delivery.recipient_first_name;

  async function cancel(event: Event): Promise<void> {
    event.preventDefault();
    const isUnsaid = reason === "other" && !note.trim();
    if (reason === null) return miss("cancel-reason", t("Choose why: the customer is told."));
    if (isUnsaid) return miss("cancel-note", t("Say why: it stands in the record of this order."));
    const outcome = await desk.outbox.submit<CancelDelivery>(`/deliveries/${delivery.id}/cancel`, { reason, note: reason === "other" ? note.trim() : "" });
    if (outcome.status === "refused") return setProblem(outcome.problem);
    say(desk, outcome.status === "done" ? t("{name}'s delivery is cancelled.", { name }) : t("{name}'s delivery will be cancelled. Kept on this tablet until there is a connection.", { name }));
    go({ screen: "board" });
  }

  function miss(field: string, error: string): void {
    setErrors({ [field]: error });
    form.current?.querySelector<HTMLElement>(field === "cancel-note" ? "#cancel-note" : "#cancel-reason input")?.focus();
  }

  return (
    <details class="legend">
      <summary>{t("Cancel this delivery")}</summary>
      <form class="stack" ref={form} onSubmit={(event) => void cancel(event)}>
        <ChoiceField name="cancel-reason" label={t("Why?")} value={reason ?? ""} errors={errors}
          hint={reason === "other" ? "" : t("The customer reads it on the tracking page, in their own language.")}
          options={REASONS.map((each) => [each, cancelWords(each)!] as const)}
          onChange={(value) => {
            setReason(value as CancelReason);
            setErrors({});
          }} />
        {reason === "other" && (
          <TextField name="cancel-note" label={t("Which one?")} value={note} limit={LONGEST_NOTE} errors={errors} onChange={(value) => {
            setNote(value);
            setErrors({});
          }} hint={t("For the record. The customer reads only that the store has cancelled.")} />
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
