/** Runs on offer and how they fit; presented by `app/web/driver/offers.py`. */
import type { Command, Money, PayLine, Point } from "../lib/api";
import type { Wave } from "./api-runs";

export type VehicleClass = "bike" | "car" | "suv" | "van";

/** How a run suits a driver: what decides who has it, and why it is not for somebody at first. */
export interface Fit {
  /** To the site as the crow flies, in steps of 100 m; null when the server does not know where the driver is. */
  away_m: number | null;
  vehicle_class: VehicleClass;
  capacity_l: number;
  litres: number;
  shift_until: string | null;
  /** The driver has a block here now and comes first. */
  has_block: boolean;
  misfits: ("too_large" | "after_shift")[];
}

export interface Offer {
  id: string;
  rev: number;
  site: { id: string; name: string; city: string; timezone: string };
  stores: { name: string; floor: string; parcel_count: number }[];
  parcel_count: number;
  pickup_count: number;
  dropoff_count: number;
  /** Areas of the drop-offs in order, about 1 km wide: "85224 north-east". Never a street. */
  areas: string[];
  minutes: number;
  distance_m: number;
  pay: PayLine[];
  pay_total: Money;
  window: { from: string; until: string };
  /** By when to be at the first counter. Absent in a state kept long ago. */
  begins_at?: string | null;
  /** At a station: when it leaves, and from where. */
  wave: Wave | null;
  /** Like the next, absent in a state kept long ago. */
  fit?: Fit;
  /** While askers are ranked by fit: when they are answered. Null once the first tap wins. */
  ranked?: { until: string; is_asked: boolean } | null;
}

export interface LostAsk {
  run_id: string;
  site_name: string;
  /** Why the other driver has it; gone: it was given away, or changed, before the answer. */
  reason: "block" | "nearer" | "waited" | "gone";
  answered_at: string;
}

export type Here = (Point & { accuracy_m: number }) | null;

/** `/driver/api/duty` → {} */
export interface SetDuty extends Command {
  on_duty: boolean;
  site_id: string | null;
  shift_until?: string | null;
  vehicle_class?: VehicleClass;
  position?: Here;
}
/** `/driver/api/shift` → {} */
export interface ChangeShift extends Command {
  shift_until: string | null;
  vehicle_class: VehicleClass;
}
/** `/driver/api/runs/{id}/ask` → { run_id, answer_at }; null: the time to ask was over and the run is the driver's. */
export interface AskForRun extends Command {
  position: Here;
}
