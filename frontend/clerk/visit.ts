/** A carrier who drives with us at this counter: whose phone was scanned, and what came in from them. No DOM. */
import type { KeptStep } from "../lib/outbox-contract";
import { CodeRefused, parse, type Presence, refuseAge } from "../lib/tokens";
import type { DeskState, Visit } from "./api";

/** The ticket set of nothing: the phone has come to bring parcels. The twin of `BRINGS` in `app/domain/visit.py`. */
export const BRINGS = "e3b0c442";
/** Where a visit is told. */
export const VISITS = "/visits";
/** The twins of `VISIT_LIFE` and `RENEWED_AFTER` in `app/domain/visit.py`. */
const LIFE_MS = 30 * 60_000;
const RENEWED_AFTER_MS = LIFE_MS / 2;

/** Who is here with parcels: open, or over by time while somebody still scans. */
export interface VisitNow {
  id: string;
  phoneKid: number;
  /** Null while the code is kept on this device: only the server knows whose phone it is. */
  driver: Visit["driver"] | null;
  openedAt: number;
  isOpen: boolean;
  /** With the parcels whose step is still kept on this device. */
  parcelCount: number;
}

/** A phone's own code in a scanned text; null for anything else. */
export function phonesCode(text: string): Presence | null {
  try {
    const { token } = parse(text);
    return token.kind === "presence" ? token : null;
  } catch (error) {
    if (error instanceof CodeRefused) return null;
    throw error;
  }
}

/** Why a phone's code opens no visit here, as far as this device can tell; the server checks who has signed it. */
export function refuseCarrier(code: Presence, storeNumber: number, nowS: number): string | null {
  if (code.store !== storeNumber) return "carrier_elsewhere";
  if (code.ticketSet !== BRINGS) return "carrier_collects";
  const age = refuseAge(code.iat, nowS);
  return age === "stale_code" ? "driver_code_old" : age;
}

/** Who is here at corrected milliseconds `now`; null when nobody is, or somebody has ended it. */
export function visitNow({ visit }: Pick<DeskState, "visit">, pending: readonly KeptStep[], now: number): VisitNow | null {
  const newest = keptVisit(pending) ?? (visit ? { ...visit, openedAt: Date.parse(visit.opened_at), endsAt: Date.parse(visit.ends_at) } : null);
  if (!newest || pending.some(({ path }) => path === endPath(newest.id))) return null;
  const { id, phone_kid: phoneKid, driver, openedAt, endsAt, parcel_count } = newest;
  const kept = pending.filter(({ body }) => body.visit_id === id).length;
  return { id, phoneKid, driver, openedAt, isOpen: now < endsAt, parcelCount: parcel_count + kept };
}

/** The last visit whose code is kept here: the step's own id names it. */
function keptVisit(pending: readonly KeptStep[]) {
  const step = pending.filter(({ path }) => path === VISITS).at(-1);
  const code = step && phonesCode(String(step.body.text));
  if (!code) return null;
  const openedAt = Date.parse(step.occurredAt);
  return { id: step.commandId, phone_kid: code.kid, driver: null, openedAt, endsAt: openedAt + LIFE_MS, parcel_count: 0 };
}

/** Tell whether a phone that is in the picture again is the same visit still. */
export function isSameVisit(found: VisitNow | null, code: Presence, now: number): boolean {
  return found !== null && found.isOpen && found.phoneKid === code.kid && now - found.openedAt < RENEWED_AFTER_MS;
}

/** Where the end of a visit is told. */
export function endPath(id: string): string {
  return `${VISITS}/${id}/end`;
}
