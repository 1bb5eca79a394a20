/** Who is coming, largest first what matters: the face, the name, the time, the parcels. */
import { parcels } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { ArrivingDriver } from "../api";
import { useDeskState } from "../desk";
import { inArrivalOrder, type KeptStep, parcelSum, toCollect, toTakeBack } from "../lists";
import { Badge, DriverPhoto } from "../parts/pieces";
import { addressOf } from "../route";
import { arrivalWords, keptWords } from "../words";

type Steps = ReadonlyMap<string, KeptStep>;

export function ArrivingList({ steps }: { steps: Steps }) {
  const { arriving } = useDeskState();
  return (
    <section aria-labelledby="arriving" class="stack stack-tight">
      <h2 id="arriving">{t("Who is coming")}</h2>
      {arriving.length === 0 && <p class="empty">{t("Nobody is on the way. A driver appears here, with photo and time, once a run is claimed.")}</p>}
      <ul class="tiles">
        {inArrivalOrder(arriving).map((run) => (
          <li key={`${run.run_id} ${run.deliveries[0]?.direction}`} class="card driver-card" data-here={run.arrived_at !== null}><DriverCard run={run} steps={steps} /></li>
        ))}
      </ul>
    </section>
  );
}

function DriverCard({ run, steps }: { run: ArrivingDriver; steps: Steps }) {
  const { store } = useDeskState();
  const [collecting, returning] = [toCollect(run), toTakeBack(run)];
  const isHere = run.arrived_at !== null;
  const packed = collecting.filter((delivery) => delivery.packed);
  const isGiven = collecting.length > 0 && collecting.every(({ id }) => steps.get(id) === "handover");
  return (
    <>
      <div class="driver-head">
        <DriverPhoto driver={run.driver} />
        <div class="stack stack-tight">
          <h3>{run.driver.first_name}</h3>
          <p class="muted">{run.driver.vehicle}</p>
          <p><Badge tone={isHere ? "go" : "neutral"}>{arrivalWords(run, store.timezone)}</Badge></p>
        </div>
      </div>
      <DeliveryLines run={run} steps={steps} />
      {isGiven && <p><Badge tone="neutral">{keptWords("handover")}</Badge></p>}
      {collecting.length > 0 && !isGiven && (
        <a class={isHere ? "button button-primary button-wide" : "button button-wide"} href={addressOf({ screen: "handover", id: run.run_id })}>
          {packed.length > 0 ? t("Hand over {parcels}", { parcels: parcels(parcelSum(packed)) }) : t("Hand over")}
        </a>
      )}
      {returning.length > 0 && (
        <a class="button button-wide" href={addressOf({ screen: "returns", id: run.run_id })}>
          {t("Take back {parcels}", { parcels: parcels(parcelSum(returning)) })}
        </a>
      )}
    </>
  );
}

function DeliveryLines({ run, steps }: { run: ArrivingDriver; steps: Steps }) {
  return (
    <ul class="lines">
      {run.deliveries.map((delivery) => {
        const step = steps.get(delivery.id);
        return (
          <li key={delivery.id} class="spread">
            <span>{delivery.recipient_first_name} <span class="muted">{parcels(delivery.parcel_count)}</span></span>
            <span class="muted">{step ? keptWords(step) : lineWords(delivery)}</span>
          </li>
        );
      })}
    </ul>
  );
}

function lineWords({ direction, done, packed }: ArrivingDriver["deliveries"][number]): string {
  if (direction === "return") return done ? t("is back") : t("comes back");
  if (done) return t("with the driver");
  return packed ? t("packed") : t("not packed yet");
}
