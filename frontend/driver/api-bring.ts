/** Bringing parcels to a hub; presented by `app/web/driver/bring_routes.py`. */
import type { Point } from "../lib/api";

/** `/driver/api/bring` */
export interface Bringing {
  counters: TakingCounter[];
  /** The driver's own, newest first. */
  visits: Receipt[];
}

/** A counter of a hub or a station. */
export interface TakingCounter extends Point {
  number: number;
  name: string;
  site_name: string;
  city: string;
  kind: "hub" | "station";
}

/** What a counter took in after it had scanned this driver's phone. */
export interface Receipt {
  id: string;
  counter: { number: number; name: string; timezone: string };
  opened_at: string;
  /** When it is over, or was. */
  ends_at: string;
  is_open: boolean;
  parcel_count: number;
}
