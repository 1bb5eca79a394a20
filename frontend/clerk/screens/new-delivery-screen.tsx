/** Entering a delivery by hand. What is typed stays when the tablet locks. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { t, tn } from "../../lib/i18n";
import type { PlaceDelivery } from "../api";
import { say, useDesk, useDeskState } from "../desk";
import { type DeliveryDraft, draftErrors, type FieldErrors, placeCommand, withoutErrorsOf } from "../draft";
import { errorsFrom } from "../draft-answers";
import { keptDraft } from "../draft-keeping";
import { DeliveryFields, RecipientFields } from "./new-delivery-fields";
import { BackLink, ProblemBanner, ScreenTitle } from "../parts/pieces";
import { rememberPlaced } from "./placed-screen";
import { go } from "../route";

export function NewDeliveryScreen() {
  const desk = useDesk();
  const { store, clerk } = useDeskState();
  const kept = keptDraft(desk, clerk!.id);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isRead, setRead] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const draft = kept.draft.value;
  useEffect(() => void kept.ready.then(() => setRead(true)), [kept]);

  function change(changed: Partial<DeliveryDraft>): void {
    kept.change(changed);
    setErrors((before) => withoutErrorsOf(before, changed));
  }

  function show(found: FieldErrors): void {
    setErrors(found);
    const first = [...(form.current?.querySelectorAll<HTMLElement>("[id]") ?? [])].find(({ id }) => found[id]);
    first?.focus();
    first?.scrollIntoView({ block: "center" });
  }

  function clear(): void {
    kept.clear();
    setErrors({});
    setProblem(null);
    say(desk, t("The form is empty."), { label: t("Bring it back"), act: () => kept.change(draft) });
  }

  async function place(event: Event): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    setProblem(null);
    const now = desk.clock.now();
    const found = draftErrors(draft, now, store);
    show(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    const command = placeCommand(draft, now, store);
    const outcome = await desk.outbox.submit<PlaceDelivery, { delivery_id: string; tracking_url: string }>("/deliveries", command);
    setBusy(false);
    if (outcome.status === "refused") {
      setProblem(outcome.problem);
      return show(errorsFrom(outcome.problem));
    }
    kept.clear();
    if (outcome.status === "done") {
      rememberPlaced(outcome.answer.result, draft);
      return go({ screen: "placed", id: outcome.answer.result.delivery_id });
    }
    say(desk, t("{name}'s delivery is kept on this tablet. Its labels can be printed when the server has it.", { name: command.recipient_name }));
    go({ screen: "board" });
  }

  const errorCount = Object.keys(errors).filter(Boolean).length;
  return (
    <>
      <main class="page has-bar" id="app-main">
        <form class="stack new-delivery" ref={form} onSubmit={(event) => void place(event)} noValidate>
          <BackLink />
          <ScreenTitle>{t("New delivery")}</ScreenTitle>
          {problem && <ProblemBanner problem={problem} />}
          <p role="status" class={errorCount > 0 ? "field-error" : "visually-hidden"}>
            {errorCount > 0 ? tn("{n} field needs your attention.", "{n} fields need your attention.", errorCount) : ""}
          </p>
          {isRead && (
            <div class="form-columns">
              <RecipientFields draft={draft} errors={errors} onChange={change} />
              <DeliveryFields draft={draft} errors={errors} onChange={change} />
            </div>
          )}
          <div class="bar">
            <button type="button" class="button button-quiet" onClick={clear}>{t("Clear the form")}</button>
            <button class="button button-primary" aria-disabled={isBusy}>
              {isBusy ? t("Placing…") : tn("Place the delivery: {n} parcel", "Place the delivery: {n} parcels", draft.parcel_count)}
            </button>
          </div>
        </form>
      </main>
    </>
  );
}
