/** Today's deliveries that have left the counter, are coming back or were cancelled. */
import { clockTime } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { DeskDelivery } from "../api";
import { useDeskState } from "../desk";
import { Badge } from "../parts/pieces";
import { RowTitle } from "./pack-list";
import { evidenceWords, statusWords } from "../words";

export function GoneList() {
  const { gone } = useDeskState();
  return (
    <section aria-labelledby="gone" class="stack stack-tight">
      <h2 id="gone">{t("Gone today")} <span class="muted number">{gone.length}</span></h2>
      {gone.length === 0 && <p class="empty">{t("What drivers have taken today appears here, and how sure we are of it.")}</p>}
      <ul class="list" hidden={gone.length === 0}>
        {gone.map((delivery) => <li key={delivery.id} class="stack stack-tight"><GoneRow delivery={delivery} /></li>)}
      </ul>
      {gone.some(({ verification }) => verification !== null) && <EvidenceLegend />}
    </section>
  );
}

function GoneRow({ delivery }: { delivery: DeskDelivery }) {
  const { store } = useDeskState();
  const [word, tone] = statusWords(delivery.status);
  const evidence = evidenceWords(delivery.verification);
  const { driver_first_name: driver, handed_over_at: handedOverAt } = delivery;
  return (
    <>
      <RowTitle delivery={delivery} />
      <div class="spread">
        <Badge tone={tone}>{word}</Badge>
        {evidence && <span class={delivery.verification === "E0" ? "evidence evidence-weak" : "evidence"}>{evidence[0]}</span>}
      </div>
      {driver && handedOverAt && (
        <p class="muted small">{t("{driver} took it at {time}", { driver, time: clockTime(handedOverAt, store.timezone) })}</p>
      )}
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
