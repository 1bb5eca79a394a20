/** Today's deliveries that have left the counter, are coming back or were cancelled. */
import { isoInstant } from "../../lib/clock";
import { clockTime } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { DeskDelivery } from "../api";
import { useDeskState, useHanded } from "../desk";
import { type HandedNow, markOf } from "../handed";
import { Marks } from "../parts/marks";
import { Badge } from "../parts/pieces";
import { RowTitle } from "./pack-list";
import { evidenceWords, statusWords } from "../words";

export function GoneList() {
  const { gone, to_pack, ready } = useDeskState();
  const handed = useHanded();
  const justGiven = [...to_pack, ...ready].filter(({ id }) => handed.get(id)?.kind === "handover");
  const rows = [...justGiven, ...gone];
  return (
    <section aria-labelledby="gone" class="stack stack-tight">
      <h2 id="gone">{t("Gone today")} <span class="muted number">{rows.length}</span></h2>
      {rows.length === 0 && <p class="empty">{t("What drivers have taken today appears here, and how sure we are of it.")}</p>}
      <ul class="list" hidden={rows.length === 0}>
        {rows.map((delivery) => <li key={delivery.id} class="stack stack-tight"><GoneRow delivery={delivery} said={handed.get(delivery.id)} /></li>)}
      </ul>
      {rows.length > 0 && <EvidenceLegend />}
    </section>
  );
}

function GoneRow({ delivery, said }: { delivery: DeskDelivery; said: HandedNow | undefined }) {
  const { store } = useDeskState();
  const isJustGiven = delivery.handed_over_at === null && said?.kind === "handover";
  const [word, tone] = isJustGiven ? ([t("Given"), "go"] as const) : statusWords(delivery.status);
  const evidence = evidenceWords(delivery.verification, delivery.status);
  const mark = delivery.status === "cancelled" ? null : markOf(delivery, said);
  const { driver_first_name: driver } = delivery;
  const takenAt = delivery.handed_over_at ?? (isJustGiven ? isoInstant(said.at) : null);
  return (
    <>
      <RowTitle delivery={delivery} />
      <div class="spread">
        <Badge tone={tone}>{word}</Badge>
        {evidence && <span class={delivery.verification === "E0" ? "evidence evidence-weak" : "evidence"}>{evidence[0]}</span>}
      </div>
      {driver && takenAt && (
        <p class="muted small">{t("{driver} took it at {time}", { driver, time: clockTime(takenAt, store.timezone) })}</p>
      )}
      {mark && <Marks mark={mark} />}
    </>
  );
}

function EvidenceLegend() {
  return (
    <details class="legend">
      <summary>{t("How sure is a handover?")}</summary>
      <dl class="facts">
        {(["E3", "E2", "E1", "E0"] as const).map((level) => {
          const [short, meaning] = evidenceWords(level)!;
          return [<dt key={level}>{short}</dt>, <dd key={`${level}-meaning`}>{meaning}</dd>];
        })}
      </dl>
    </details>
  );
}
