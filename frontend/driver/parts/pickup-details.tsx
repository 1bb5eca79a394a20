/** At or on the way to a store: where to park and enter, which counter, what is to collect. */
import { datedTime, minutes, parcels } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { PickupDelivery, PickupStop, Run } from "../api";
import { dueText } from "../due";
import { hrefOf } from "../route";
import { gradeOfLevel } from "../sent";
import { now } from "../state";
import { type Mark, type Step, remainingAt } from "../steps";
import { storeBefore } from "../stop-words";
import { GradeBadge } from "./grade";

interface PickupDetailsProps {
  stop: PickupStop;
  run: Run;
  mark: Mark;
  step: Step;
}

export function PickupDetails({ stop, run, mark, step }: PickupDetailsProps) {
  const { store } = stop;
  const before = storeBefore(stop, run);
  const { parking, entrance } = run.site;
  return (
    <>
      <dl class="card facts">
        {step === "go" && (
          <>
            <dt>{t("Be there")}</dt>
            <dd class="strong number">{dueText(stop.planned_at, now.value, run.site.timezone)}</dd>
          </>
        )}
        {!before && step === "go" && (
          <>
            <dt>{t("Park")}</dt>
            <dd>{parking.note}</dd>
            <dt>{t("Enter")}</dt>
            <dd>{entrance.note ? t("{entrance}. {note}", { entrance: entrance.name, note: entrance.note }) : entrance.name}</dd>
          </>
        )}
        {run.wave && (
          <>
            <dt>{t("Leaves")}</dt>
            <dd>{t("{time}, bay {bay}", { time: datedTime(run.wave.leaves_at, now.value, run.site.timezone), bay: run.wave.bay })}</dd>
          </>
        )}
        <dt>{t("Walk")}</dt>
        <dd>{before ? t("{span} from {store}", { span: minutes(stop.walk_s), store: before.store.name }) : t("{span} from the entrance", { span: minutes(stop.walk_s) })}</dd>
        <dt>{t("Store")}</dt>
        <dd>
          <span class="strong">{t("{store}, {floor}", { store: store.name, floor: store.floor })}</span>
          {store.unit && <span class="block">{t("Unit {unit}", { unit: store.unit })}</span>}
        </dd>
        {store.counter_note && (
          <>
            <dt>{t("Counter")}</dt>
            <dd>{store.counter_note}</dd>
          </>
        )}
      </dl>
      <Deliveries stop={stop} mark={mark} timezone={run.site.timezone} />
      {step === "collect" && <OtherWays stop={stop} />}
    </>
  );
}

function Deliveries({ stop, mark, timezone }: { stop: PickupStop; mark: Mark; timezone: string }) {
  const remaining = new Set(remainingAt(stop, mark));
  return (
    <ul class="list" aria-label={t("Parcels at this store")}>
      {stop.deliveries.map((delivery) => (
        <li key={delivery.id} class="spread" data-delivery={delivery.id}>
          <span>{t("{parcels} for {name}", { parcels: parcels(delivery.parcel_count), name: delivery.recipient_first_name })}</span>
          <DeliveryBadge delivery={delivery} isRemaining={remaining.has(delivery)} timezone={timezone} />
        </li>
      ))}
    </ul>
  );
}

function DeliveryBadge({ delivery, isRemaining, timezone }: { delivery: PickupDelivery; isRemaining: boolean; timezone: string }) {
  if (delivery.status === "cancelled") return <span class="badge" data-tone="stop">{t("Cancelled, leave it")}</span>;
  if (delivery.hold) return <span class="badge" data-tone="stop">{t("Keep it, do not deliver")}</span>;
  if (delivery.verification !== null) return <GradeBadge grade={gradeOfLevel(delivery.verification)} />;
  if (!isRemaining) return <GradeBadge grade="phone" />;
  if (delivery.packed) return <span class="badge" data-tone="go">{t("Packed")}</span>;
  return <span class="badge">{t("Ready at {time}", { time: datedTime(delivery.ready_at, now.value, timezone) })}</span>;
}

function OtherWays({ stop }: { stop: PickupStop }) {
  return (
    <div class="stack stack-tight">
      <a class="button button-wide" data-action="code" href={hrefOf({ name: "stop", stopId: stop.id, page: "code" })}>
        {t("Type the short code")}
      </a>
      <a class="button button-quiet" data-action="assert" href={hrefOf({ name: "stop", stopId: stop.id, page: "assert" })}>
        {t("I can neither scan nor type a code")}
      </a>
    </div>
  );
}
