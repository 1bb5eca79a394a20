/** Parcels that a driver brings back. */
import { useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { parcels } from "../../lib/format";
import { t } from "../../lib/i18n";
import { say, useDesk, useDeskState } from "../desk";
import { parcelSum, toTakeBack } from "../lists";
import { BackLink, DriverPhoto, ProblemBanner, ScreenTitle } from "../parts/pieces";
import { go } from "../route";
import { state } from "../statements";

export function ReturnsScreen({ runId }: { runId: string }) {
  const desk = useDesk();
  const run = useDeskState().arriving.find((each) => each.run_id === runId && toTakeBack(each).length > 0);
  const returning = run ? toTakeBack(run) : [];
  const [missing, setMissing] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const back = returning.filter(({ id }) => !missing.has(id));

  function toggle(id: string): void {
    const next = new Set(missing);
    if (!next.delete(id)) next.add(id);
    setMissing(next);
  }

  async function takeBack(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    const stated = await state(desk, { kind: "return", runId, deliveries: back });
    const outcomes = stated.problem === null ? await stated.answers : [];
    setBusy(false);
    const refusal = stated.problem ?? outcomes.flatMap((outcome) => (outcome.status === "refused" ? [outcome.problem] : []))[0];
    if (refusal) return setProblem(refusal);
    const isDone = outcomes.every(({ status }) => status === "done");
    say(desk, isDone ? t("The parcels are back in the store.") : t("The parcels are back. Kept on this tablet until there is a connection."));
    go({ screen: "board" });
  }

  if (!run || returning.length === 0) {
    return (
      <main class="page page-narrow stack" id="app-main">
        <BackLink />
        <ScreenTitle>{t("Nothing comes back with this driver")}</ScreenTitle>
        <p>{t("The parcels are back already, or the run has changed.")}</p>
      </main>
    );
  }
  return (
    <main class="page stack choice" id="app-main">
      <BackLink />
      <div class="choice-driver stack">
        <DriverPhoto driver={run.driver} isLarge />
        <ScreenTitle>{t("{name} brings parcels back", { name: run.driver.first_name })}</ScreenTitle>
        <p class="lead muted">{run.driver.vehicle}</p>
      </div>
      <div class="choice-parcels stack">
        <fieldset class="field">
          <legend>{t("What you have in your hands")}</legend>
          <div class="choices">
            {returning.map((delivery) => (
              <label key={delivery.id}>
                <input type="checkbox" checked={!missing.has(delivery.id)} onChange={() => toggle(delivery.id)} />
                <span class="grow strong">{delivery.recipient_first_name}</span>
                <span>{parcels(delivery.parcel_count)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        {problem && <ProblemBanner problem={problem} />}
        <button type="button" class="button button-primary button-wide choice-go" disabled={back.length === 0} aria-disabled={isBusy} onClick={() => void takeBack()}>
          {back.length === 0 ? t("Nothing is chosen") : t("Parcels are back: I have {parcels}", { parcels: parcels(parcelSum(back)) })}
        </button>
      </div>
    </main>
  );
}
