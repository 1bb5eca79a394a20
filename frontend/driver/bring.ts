/** Bringing parcels to a hub: which counters there are, kept on this phone, and what they took in. No DOM. */
import type { Point } from "../lib/api";
import { metresBetween } from "./links";
import type { Bringing, Receipt, TakingCounter } from "./api-bring";

/**
 * The address of the screen, of a counter by its number or without one for choosing: below the account's, which is all
 * that the start of the app has to know of it.
 */
export function bringHref(number?: number): string {
  return `#/account/bring${number === undefined ? "" : `/${number}`}`;
}

/** Read such an address; null for the account itself. */
export function bringOf(hash: string): { number: number | null } | null {
  const [, number] = /^#\/account\/bring(?:\/(\d+))?$/.exec(hash) ?? [null, null];
  return number === null ? null : { number: number === undefined ? null : Number(number) };
}

const KEPT = "mallrun-driver-counters";
/** More than this are searched, not read through. */
export const READ_THROUGH = 8;

/** A counter, and how far away it is when the phone says where it is. */
export interface Place {
  counter: TakingCounter;
  awayM: number | null;
}

/** The counters whose name, place or town has what was typed, the nearest first. */
export function placesFor(counters: readonly TakingCounter[], typed: string, here: Point | null): Place[] {
  const wanted = typed.trim().toLocaleLowerCase();
  return counters
    .filter(({ name, site_name, city }) => [name, site_name, city].some((text) => text.toLocaleLowerCase().includes(wanted)))
    .map((counter) => ({ counter, awayM: here && metresBetween(here, counter) }))
    .sort((one, other) => (one.awayM ?? 0) - (other.awayM ?? 0));
}

/** What the screen of a counter knows of its own time. */
export interface Shown {
  /** Corrected milliseconds since when the code is shown. */
  since: number;
  /** Visits that were open meanwhile. */
  seen: Set<string>;
  /** The visit in whose place the code is wanted again; the next one is shown again. */
  putAside: string | null;
}

/** What a counter has taken in: of a visit that is open or was since the code is shown, also where that was heard later. */
export function shownReceipt(visits: readonly Receipt[], number: number, { since, seen, putAside }: Shown): Receipt | null {
  const here = visits.filter(({ counter }) => counter.number === number);
  for (const { id, is_open, opened_at } of here) if (is_open || Date.parse(opened_at) >= since) seen.add(id);
  const newest = here.find(({ id }) => seen.has(id));
  return newest && newest.id !== putAside ? newest : null;
}

/** Keep where parcels can be brought: public places, so that a code can be shown without signal. */
export function keepCounters({ counters }: Bringing): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(counters));
  } catch {
    // Storage is switched off: the list then needs signal.
  }
}

/** The counters that were kept; empty when there are none. */
export function keptCounters(): TakingCounter[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]") as TakingCounter[];
  } catch {
    return [];
  }
}
