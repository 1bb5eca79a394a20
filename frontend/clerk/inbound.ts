/** What carriers bring to a hub or a station: which parcel a code names, and where each one is by now. No DOM. */
import type { OutboxView } from "../lib/outbox";
import { CodeRefused, parse } from "../lib/tokens";
import type { DeskParcel, DeskState } from "./api";

/** A code that names a parcel expected here, or why it names none. */
export type Found = { parcel: DeskParcel } | { code: string };

const STEP = /^\/parcels\/([^/]+)\/(\d+)\/(take-in|shelve|sort)$/;

/** True where carriers bring the parcels in. */
export function isInbound(state: Pick<DeskState, "store">): boolean {
  return state.store.site_kind === "hub" || state.store.site_kind === "station";
}

/** The parcels as the server told them, with the steps that are still kept on this device. */
export function parcelsNow(state: Pick<DeskState, "parcels" | "waves">, kept: Pick<OutboxView, "pending">): DeskParcel[] {
  const known = new Map(state.parcels.map((parcel) => [keyOf(parcel.delivery_id, parcel.number), parcel]));
  for (const { path, body } of kept.pending) {
    const [, id = "", number = "", step] = STEP.exec(path) ?? [];
    const parcel = known.get(keyOf(id, Number(number)));
    if (!parcel) continue;
    const place = step === "shelve" ? String(body.place) : step === "sort" ? bayOf(state, parcel)?.toString() : parcel.place;
    known.set(keyOf(id, Number(number)), { ...parcel, is_in: true, place: place ?? parcel.place, is_kept: true });
  }
  return [...known.values()];
}

/** The bay of a parcel's run; null while it has none. */
export function bayOf(state: Pick<DeskState, "waves">, parcel: DeskParcel): number | null {
  return state.waves.flatMap(({ runs }) => runs).find(({ run_id }) => run_id === parcel.run_id)?.bay ?? null;
}

/** When a parcel's run leaves; null while it has none. */
export function waveOf(state: Pick<DeskState, "waves">, parcel: DeskParcel): string | null {
  return state.waves.find(({ runs }) => runs.some(({ run_id }) => run_id === parcel.run_id))?.leaves_at ?? null;
}

/** A carrier's code as it is compared; the twin of `carrier_code` in `app/domain/site.py`. */
export function carrierCode(text: string): string {
  return text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** Find the parcel that a label or a carrier's code means; of several with one code the first that is not in. */
export function findParcel(text: string, parcels: readonly DeskParcel[]): Found {
  if (!text.startsWith("MP1:")) return byCarrier(carrierCode(text), parcels);
  try {
    const { token } = parse(text);
    if (token.kind !== "label") return { code: "parcel_unknown" };
    const parcel = parcels.find(({ handle, number }) => handle === token.handle && number === token.n);
    return parcel ? { parcel } : { code: "parcel_unknown" };
  } catch (error) {
    if (error instanceof CodeRefused) return { code: error.code };
    throw error;
  }
}

function byCarrier(code: string, parcels: readonly DeskParcel[]): Found {
  const meant = code === "" ? [] : parcels.filter(({ carrier_ref }) => carrier_ref === code);
  const parcel = meant.find(({ is_in }) => !is_in) ?? meant[0];
  return parcel ? { parcel } : { code: "parcel_unknown" };
}

/** Shelves in use, the last used first. */
export function shelvesOf(parcels: readonly DeskParcel[], last: string | null): string[] {
  const used = [...new Set(parcels.flatMap(({ place }) => (place === null ? [] : [place])))].sort();
  return last === null ? used : [last, ...used.filter((place) => place !== last)];
}

function keyOf(id: string, number: number): string {
  return `${id} ${number}`;
}
