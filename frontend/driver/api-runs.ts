/** A run with its stops, as its driver holds it and as it ended; presented by `app/web/driver/present.py`. */
import type { Money, PayLine, Point } from "../lib/api";

export interface Wave {
  leaves_at: string;
  bay: number;
}

export interface Run {
  id: string;
  rev: number;
  epoch: number;
  status: "claimed" | "collecting" | "delivering";
  site: {
    id: string;
    name: string;
    city: string;
    timezone: string;
    parking: Point & { note: string };
    entrance: Point & { name: string; note: string };
  };
  /** As of an offer. */
  wave: Wave | null;
  stops: Stop[];
  /** First stop that is neither done nor skipped; null when all are. */
  current_stop_id: string | null;
  pay: PayLine[];
  pay_total: Money;
  minutes: number;
  distance_m: number;
  claimed_at: string;
  /** True until the first collection. */
  can_release: boolean;
  /** The run does not move: when it goes on offer again, and whether "I am on my way" still counts. */
  lapse?: { at: string; can_keep: boolean } | null;
  /** Another order of the stops that are left, to say yes or no to. */
  proposal?: OrderProposal | null;
  /** Codes signed by the server, one per open delivery: for a tablet that does not know this driver. */
  tickets?: { handle: string; text: string }[];
}

/** not_ready: the store of `about_stop_id` is not, for `wait_s` · window: that door would be late · shorter: it ends earlier. */
export interface OrderProposal {
  id: string;
  reason: "not_ready" | "window" | "shorter";
  about_stop_id: string;
  saved_s: number;
  late_saved_s: number;
  wait_s: number;
  stop_ids: string[];
}

export type Stop = PickupStop | DropoffStop | ReturnStop;
export type StopStatus = "ahead" | "arrived" | "done" | "skipped";

interface StopBase {
  id: string;
  seq: number;
  status: StopStatus;
  planned_at: string;
  arrived_at: string | null;
  done_at: string | null;
}

/** Where parcels are collected (or, for a return, given back). */
export interface StorePlace extends Point {
  id: string;
  /** The number that `P` and `T` tokens carry. */
  number: number;
  name: string;
  floor: string;
  unit: string;
  counter_note: string;
  entrance: string;
  /** Keys that may sign `R` for this store; `entry` is the server's signed word for it, good for a day. */
  desks: { kid: number; public_key: string; entry?: string }[];
}

export interface PickupStop extends StopBase {
  kind: "pickup";
  store: StorePlace;
  /** Walk from the entrance or from the store before. */
  walk_s: number;
  deliveries: PickupDelivery[];
}

export interface PickupDelivery {
  id: string;
  /** 16 hex digits, as tokens carry it. */
  handle: string;
  recipient_first_name: string;
  parcel_count: number;
  packed: boolean;
  ready_at: string;
  status: string;
  verification: "E0" | "E1" | "E2" | "E3" | null;
  /** Two drivers prove that they have it: keep the parcels until the dispatcher has decided. */
  hold?: boolean;
  /** Dear goods: ask the store's manager for the six digits and state them (`manager_code`). */
  needs_manager_code?: boolean;
}

export interface DropoffStop extends StopBase {
  kind: "dropoff";
  drive_s: number;
  distance_m: number;
  window: { from: string; until: string };
  delivery: DropoffDelivery;
}

export interface DropoffDelivery extends Point {
  id: string;
  handle: string;
  status: string;
  store_name: string;
  parcel_count: number;
  recipient_first_name: string;
  street: string;
  /** Null until the pickup is recorded. */
  unit: string | null;
  city: string;
  postal_code: string;
  /** Null until the pickup is recorded. */
  instructions: string | null;
  leave_at_door: boolean;
  proof: "photo" | "pin" | "none";
  /** PIN tries left; 0 means locked: a photo is asked instead. */
  pin_tries_left: number;
  hold?: boolean;
  /** Unit and instructions for a door without signal, sealed under the delivery's ticket; see `door.ts`. */
  sealed?: string | null;
}

export interface ReturnStop extends StopBase {
  kind: "return";
  store: StorePlace;
  /** By car from a door; on foot from the store before. */
  drive_s: number;
  distance_m: number;
  deliveries: PickupDelivery[];
}

export interface FinishedRun {
  id: string;
  site_name: string;
  finished_at: string;
  delivered_count: number;
  returned_count: number;
  pay: PayLine[];
  pay_total: Money;
}
