/** Who is coming, largest first what matters: the face, the name, the time, the parcels. */
import { parcels } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { ArrivingDriver } from "../api";
import { useDesk, useDeskState, useHanded } from "../desk";
import type { HandedNow } from "../handed";
import { inArrivalOrder, type KeptStep, parcelSum, toCollect, toTakeBack } from "../lists";
import { Badge, DriverPhoto } from "../parts/pieces";
import { addressOf } from "../route";
import { arrivalWords, keptWords } from "../words";

type Steps = ReadonlyMap<string, KeptStep>;

export function ArrivingList({ steps }: { steps: Steps }) {
  const { arriving } = useDeskState();
  return (
    <section aria-labelledby="arriving" class="stack stack-tight">
      <div class="spread">
        <h2 id="arriving">{t("Who is coming")}</h2>
        <a class="button button-small" href={addressOf({ screen: "meet", id: null })}>{t("Scan the driver's phone")}</a>
      </div>
      {arriving.length === 0 && <p class="empty">{t("Nobody is on the way. A driver appears here, with photo and time, once a run is claimed.")}</p>}
      <DriverTiles runs={arriving} steps={steps} />
    </section>
  );
}

export function DriverTiles({ runs, steps }: { runs: readonly ArrivingDriver[]; steps: Steps }) {
  return (
    <ul class="tiles">
      {inArrivalOrder(runs).map((run) => (
        <li key={`${run.run_id} ${run.deliveries[0]?.direction}`} class="card driver-card" data-here={run.arrived_at !== null}><DriverCard run={run} steps={steps} /></li>
      ))}
    </ul>
  );
}

function DriverCard({ run, steps }: { run: ArrivingDriver; steps: Steps }) {
  const desk = useDesk();
  const [arrival, tone] = arrivalWords(run, desk.now.value, useDeskState().store.timezone);
  const [collecting, returning] = [toCollect(run), toTakeBack(run)];
  const isHere = run.arrived_at !== null;
  const handed = useHanded();
  const open = collecting.filter(({ id }) => handed.get(id)?.kind !== "handover" && steps.get(id) !== "handover");
  const isGiven = collecting.length > 0 && open.length === 0;
  const back = returning.filter(({ id }) => handed.get(id)?.kind !== "return" && steps.get(id) !== "return");
  const packed = open.filter((delivery) => delivery.packed);
  return (
    <>
      <div class="driver-head">
        <DriverPhoto driver={run.driver} />
        <div class="stack stack-tight">
          <h3>{run.driver.first_name}</h3>
          <p class="muted">{run.driver.vehicle}</p>
          <p><Badge tone={tone}>{arrival}</Badge></p>
        </div>
      </div>
      <DeliveryLines run={run} steps={steps} />
      {isGiven && (
        <div class="spread">
          <Badge tone="neutral">{t("Given. {name}'s phone has not confirmed it yet.", { name: run.driver.first_name })}</Badge>
          <a class="button button-quiet button-small" href={addressOf({ screen: "handover", id: run.run_id })}>{t("Show the code again")}</a>
        </div>
      )}
      {open.length > 0 && (
        <a class={isHere ? "button button-primary button-wide" : "button button-wide"} href={addressOf({ screen: "handover", id: run.run_id })}>
          {packed.length > 0 ? t("Hand over {parcels}", { parcels: parcels(parcelSum(packed)) }) : t("Hand over")}
        </a>
      )}
      {back.length > 0 && (
        <a class="button button-wide" href={addressOf({ screen: "returns", id: run.run_id })}>
          {t("Take back {parcels}", { parcels: parcels(parcelSum(back)) })}
        </a>
      )}
    </>
  );
}

function DeliveryLines({ run, steps }: { run: ArrivingDriver; steps: Steps }) {
  const handed = useHanded();
  return (
    <ul class="lines">
      {run.deliveries.map((delivery) => (
        <li key={delivery.id} class="spread">
          <span>{delivery.recipient_first_name} <span class="muted">{parcels(delivery.parcel_count)}</span></span>
          <span class="muted">{steps.has(delivery.id) ? keptWords(steps.get(delivery.id)!) : lineWords(delivery, handed.get(delivery.id))}</span>
        </li>
      ))}
    </ul>
  );
}

function lineWords({ direction, done, packed }: ArrivingDriver["deliveries"][number], said: HandedNow | undefined): string {
  if (direction === "return") return done || said?.kind === "return" ? t("is back") : t("comes back");
  if (done || said?.kind === "handover") return t("with the driver");
  return packed ? t("packed") : t("not packed yet");
}
