/** Who brings the parcels: a driver whose phone was scanned, or a carrier who shows nothing. */
import type { Command, Problem } from "../../lib/api";
import { t, tn } from "../../lib/i18n";
import { useDesk, useDeskState } from "../desk";
import { DriverPhoto } from "../parts/pieces";
import { endPath, type VisitNow, visitNow } from "../visit";

/** The visit at this desk, as it is by now. */
export function useVisit(): VisitNow | null {
  const desk = useDesk();
  return visitNow(useDeskState(), desk.kept.value.pending, desk.now.value);
}

export function VisitCard({ onProblem }: { onProblem: (problem: Problem) => void }) {
  const found = useVisit();
  if (!found) return <p class="muted">{t("Does the carrier drive with Mallrun? Scan the code on their phone first: then both of you vouch for the parcels.")}</p>;
  const { isOpen, parcelCount, visit: { driver } } = found;
  const name = driver.first_name;
  return (
    <section class="card visit" aria-label={t("Parcels from {name}", { name })} data-visit={isOpen ? "open" : "over"}>
      <DriverPhoto driver={driver} />
      <div class="stack stack-tight grow">
        <h2>{t("Parcels from {name}", { name })}</h2>
        <p class="visit-count" role="status">{tn("{n} parcel taken in", "{n} parcels taken in", parcelCount)}</p>
        {isOpen
          ? <p class="muted">{t("Compare the photo. Then scan each label.")}</p>
          : <p class="strong">{t("Half an hour is over. Scan {name}'s phone again if there are more parcels.", { name })}</p>}
      </div>
      <EndVisit found={found} onProblem={onProblem} />
    </section>
  );
}

function EndVisit({ found, onProblem }: { found: VisitNow; onProblem: (problem: Problem) => void }) {
  const desk = useDesk();
  const end = async (): Promise<void> => {
    const outcome = await desk.outbox.submit<Command>(endPath(found.visit), {});
    if (outcome.status === "refused") onProblem(outcome.problem);
  };
  return (
    <button type="button" class="button" onClick={() => void end()}>
      {t("{name} has given everything", { name: found.visit.driver.first_name })}
    </button>
  );
}
