/** A carrier who drives with us at this counter: whose phone was scanned, and what came in from them. No DOM. */
import type { KeptStep } from "../lib/outbox-contract";
import { CodeRefused, parse } from "../lib/tokens";
import type { DeskState, Visit } from "./api";

/** The visit that the server told of: open, or over by time while somebody still scans. */
export interface VisitNow {
  visit: Visit;
  isOpen: boolean;
  /** With the parcels whose step is still kept on this device. */
  parcelCount: number;
}

/** Tell whether a scanned text is a phone's own code: somebody who brings parcels shows it. */
export function isPhonesCode(text: string): boolean {
  try {
    return parse(text).token.kind === "presence";
  } catch (error) {
    if (error instanceof CodeRefused) return false;
    throw error;
  }
}

/** Who is here with parcels at corrected milliseconds `now`; null when nobody is, or the end is only kept on this device yet. */
export function visitNow({ visit }: Pick<DeskState, "visit">, pending: readonly KeptStep[], now: number): VisitNow | null {
  if (!visit || pending.some(({ path }) => path === endPath(visit))) return null;
  const kept = pending.filter(({ body }) => body.visit_id === visit.id).length;
  return { visit, isOpen: now < Date.parse(visit.ends_at), parcelCount: visit.parcel_count + kept };
}

/** Where the end of a visit is told. */
export function endPath({ id }: Visit): string {
  return `/visits/${id}/end`;
}
