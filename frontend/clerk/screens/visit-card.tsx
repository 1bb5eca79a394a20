/** Who brings the parcels: a driver whose phone was scanned, or a carrier who shows nothing. */
import type { Command, Problem } from "../../lib/api";
import { t, tn } from "../../lib/i18n";
import { useDesk, useDeskState } from "../desk";
import { DriverPhoto } from "../parts/pieces";
import { endPath, type VisitNow, visitNow } from "../visit";

export function VisitCard({ onProblem }: { onProblem: (problem: Problem) => void }) {
  const desk = useDesk();
  const found = visitNow(useDeskState(), desk.kept.value.pending, desk.now.value);
  if (!found) return <p class="muted">{t("Does the carrier drive with Mallrun? Scan the code on their phone first: then both of you vouch for the parcels.")}</p>;
  const { driver, isOpen, parcelCount } = found;
  const name = driver?.first_name ?? t("the driver");
  const title = driver ? t("Parcels from {name}", { name }) : t("Parcels from a driver");
  return (
    <section class="card visit" aria-label={title} data-visit={isOpen ? "open" : "over"}>
      {driver && <DriverPhoto driver={driver} />}
      <div class="stack stack-tight grow">
        <h2>{title}</h2>
        <p class="visit-count" role="status">{tn("{n} parcel taken in", "{n} parcels taken in", parcelCount)}</p>
        {isOpen
          ? <p class="muted">{driver ? t("Compare the photo. Then scan each label.") : t("The phone is noted on this device. Who it is, the server says when there is a connection: ask for the name, then scan each label.")}</p>
          : <p class="strong">{t("Half an hour is over. Scan {name}'s phone again if there are more parcels.", { name })}</p>}
      </div>
      <EndVisit found={found} name={name} onProblem={onProblem} />
    </section>
  );
}

interface EndProps {
  found: VisitNow;
  name: string;
  onProblem: (problem: Problem) => void;
}

function EndVisit({ found, name, onProblem }: EndProps) {
  const desk = useDesk();
  const end = async (): Promise<void> => {
    const outcome = await desk.outbox.submit<Command>(endPath(found.id), {});
    if (outcome.status === "refused") onProblem(outcome.problem);
  };
  return (
    <button type="button" class="button" onClick={() => void end()}>
      {found.driver ? t("{name} has given everything", { name }) : t("The driver has given everything")}
    </button>
  );
}
