/** The driver's phone is believed: compare the face, count the parcels, say that they are given. */
import { useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { parcels } from "../../lib/format";
import { t } from "../../lib/i18n";
import { useDesk } from "../desk";
import { readShown } from "../handed";
import type { Handover } from "../handover";
import { isDear, parcelSum } from "../lists";
import { isFresh, type Met, type Offered } from "../meeting";
import { DriverPhoto, ProblemBanner, ScreenTitle } from "../parts/pieces";
import { problemFor } from "../problems";
import { state } from "../statements";
import { managerCode } from "./manager-code";

interface Props {
  met: Met;
  onBack: () => void;
  onGiven: (deliveries: readonly Offered[], answers: Handover["answers"]["value"]) => void;
}

export function MetChoice({ met, onBack, onGiven }: Props) {
  const desk = useDesk();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const name = met.run?.driver.first_name ?? t("the driver");
  const chosen = met.deliveries.filter(({ handle, packed }) => packed && !left.has(handle));

  function toggle(handle: string): void {
    const next = new Set(left);
    if (!next.delete(handle)) next.add(handle);
    setLeft(next);
  }

  async function give(code: string | null): Promise<void> {
    setAsking(false);
    if (isBusy) return;
    // Later the two sides' times would no longer agree.
    if (!isFresh(met, desk.clock.now())) return setProblem(problemFor("driver_code_old"));
    setBusy(true);
    const { run, evidence, nonce } = met;
    const shown = run ? await readShown(desk.db, run.run_id) : [];
    const stated = await state(desk, { kind: "handover", runId: run?.run_id ?? null, deliveries: chosen, shown, evidence, usedNonce: nonce, managerCode: code });
    setBusy(false);
    if (stated.problem === null) onGiven(chosen, stated.answers);
    else setProblem(stated.problem);
  }

  if (isAsking) {
    return <managerCode.Screen name={name} parcelCount={parcelSum(chosen)} onBack={() => setAsking(false)} onEntered={(code) => void give(code)} />;
  }
  return (
    <main class="page stack choice" id="app-main">
      <p><button type="button" class="button button-quiet back" onClick={onBack}><span aria-hidden="true">←</span> {t("Scan again")}</button></p>
      <div class="choice-driver stack"><Who met={met} /></div>
      <div class="choice-parcels stack">
        <fieldset class="field">
          <legend>{t("What {name} takes", { name })}</legend>
          <div class="choices">
            {met.deliveries.filter(({ packed }) => packed).map((delivery) => (
              <label key={delivery.handle}>
                <input type="checkbox" checked={!left.has(delivery.handle)} onChange={() => toggle(delivery.handle)} />
                <span class="grow strong">{delivery.recipient_first_name ?? t("Not on this tablet's list")}</span>
                <span>{parcels(delivery.parcel_count)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        {met.deliveries.some(({ packed }) => !packed) && (
          <p class="banner" data-tone="warn">{t("Some of this driver's parcels are not packed yet. Only packed parcels can go.")}</p>
        )}
        {problem && <ProblemBanner problem={problem} />}
        <button type="button" class="button button-primary button-wide choice-go" disabled={chosen.length === 0} aria-disabled={isBusy} onClick={() => (chosen.some(isDear) ? setAsking(true) : void give(null))}>
          {chosen.length === 0 ? t("Nothing is chosen") : t("Given to {name}: {parcels}", { name, parcels: parcels(parcelSum(chosen)) })}
        </button>
      </div>
    </main>
  );
}

function Who({ met: { run } }: { met: Met }) {
  if (!run) {
    return (
      <>
        <ScreenTitle>{t("A driver without a photo here")}</ScreenTitle>
        <p>{t("The server has named this phone for these parcels, but this tablet has no photo of its driver, and only the server can check the phone's own code.")}</p>
        <p>{t("Ask for the driver's name. If in doubt, get signal first.")}</p>
      </>
    );
  }
  return (
    <>
      <DriverPhoto driver={run.driver} isLarge />
      <ScreenTitle>{t("Is this {name}?", { name: run.driver.first_name })}</ScreenTitle>
      <p class="lead muted">{run.driver.vehicle}</p>
      <p>{t("Compare the photo. Give the parcels to nobody else.")}</p>
    </>
  );
}
