/** What a hub expects and has to shelve; what a station sorts, wave by wave. */
import { clockTime } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { DeskParcel, Wave } from "../api";
import { useDesk, useDeskState } from "../desk";
import { parcelsNow } from "../inbound";
import { Badge } from "../parts/pieces";
import { addressOf } from "../route";

/** A hub's parcels that are not ready yet: on their way in, or in and without a shelf. */
export function ExpectedList() {
  const parcels = parcelsNow(useDeskState(), useDesk().kept.value);
  const toShelve = parcels.filter(({ is_in, place }) => is_in && place === null);
  const expected = parcels.filter(({ is_in }) => !is_in);
  return (
    <section aria-labelledby="expected" class="stack stack-tight">
      <h2 id="expected">{t("Coming in")} <span class="muted number">{expected.length}</span></h2>
      {toShelve.length > 0 && <Parcels parcels={toShelve} badge={t("Needs a shelf")} />}
      {expected.length === 0 && <p class="empty">{t("Nothing is on its way here. Parcels appear when they are ordered.")}</p>}
      <Parcels parcels={expected} />
    </section>
  );
}

/** Parcels on shelves, with where they lie. */
export function ShelfList() {
  const parcels = parcelsNow(useDeskState(), useDesk().kept.value).filter(({ place }) => place !== null);
  const byPlace = [...parcels].sort((one, other) => (one.place! < other.place! ? -1 : one.place! > other.place! ? 1 : 0));
  return (
    <section aria-labelledby="shelves" class="stack stack-tight">
      <h2 id="shelves">{t("On the shelves")} <span class="muted number">{parcels.length}</span></h2>
      {parcels.length === 0 && <p class="empty">{t("Parcels wait here until a driver of this hub takes them.")}</p>}
      <Parcels parcels={byPlace} />
    </section>
  );
}

function Parcels({ parcels, badge }: { parcels: readonly DeskParcel[]; badge?: string }) {
  return (
    <ul class="list" hidden={parcels.length === 0}>
      {parcels.map((parcel) => (
        <li key={`${parcel.delivery_id} ${parcel.number}`} class="spread">
          <span>
            <a href={addressOf({ screen: "delivery", id: parcel.delivery_id })}><strong>{parcel.recipient_first_name}</strong></a>{" "}
            <span class="muted">{t("Parcel {n} of {count}", { n: parcel.number, count: parcel.of })}{parcel.carrier_ref && ` · ${parcel.carrier_ref}`}</span>
          </span>
          {badge && <Badge tone="warn">{badge}</Badge>}
          {parcel.place !== null && <Badge tone="go">{t("Shelf {shelf}", { shelf: parcel.place })}</Badge>}
        </li>
      ))}
    </ul>
  );
}

/** A station's waves, the next first. */
export function WaveList() {
  const { waves } = useDeskState();
  return (
    <section aria-labelledby="waves" class="stack stack-tight">
      <h2 id="waves">{t("Waves")} <span class="muted number">{waves.length}</span></h2>
      {waves.length === 0 && <p class="empty">{t("No run is planned yet. Runs appear a moment after their orders, each with its wave and bay.")}</p>}
      {waves.map((wave) => <WaveCard key={wave.leaves_at} wave={wave} />)}
      <Unplanned />
    </section>
  );
}

function WaveCard({ wave }: { wave: Wave }) {
  const { store } = useDeskState();
  const title = t("Leaves at {time}", { time: clockTime(wave.leaves_at, store.timezone) });
  return (
    <section class="card stack stack-tight" aria-label={title}>
      <h3>{title}</h3>
      <ul class="list">{wave.runs.map((run) => <li key={run.run_id}><RunOfWave run={run} /></li>)}</ul>
    </section>
  );
}

function RunOfWave({ run }: { run: Wave["runs"][number] }) {
  const parcels = parcelsNow(useDeskState(), useDesk().kept.value).filter(({ run_id }) => run_id === run.run_id);
  const missing = parcels.filter(({ place }) => place === null);
  const isWhole = missing.length === 0;
  return (
    <details>
      <summary class="spread wave-run">
        <span><strong>{t("Bay {bay}", { bay: run.bay })}</strong> <span class="muted">{run.driver_first_name ? t("For {driver}", { driver: run.driver_first_name }) : t("No driver yet")}</span></span>
        <Badge tone={isWhole ? "go" : "neutral"}>{t("{n} of {count} sorted", { n: parcels.length - missing.length, count: parcels.length })}</Badge>
      </summary>
      {isWhole ? <p class="muted">{t("Everything is in the bay.")}</p> : (
        <>
          <p class="strong">{tn("{n} parcel is missing:", "{n} parcels are missing:", missing.length)}</p>
          <Parcels parcels={missing} />
        </>
      )}
    </details>
  );
}

/** Ordered, and in no run so far. */
function Unplanned() {
  const parcels = parcelsNow(useDeskState(), useDesk().kept.value).filter(({ run_id }) => run_id === null);
  if (parcels.length === 0) return null;
  return <p class="muted">{tn("{n} parcel is in no run yet.", "{n} parcels are in no run yet.", parcels.length)}</p>;
}
