/** The JSON of `/driver/api`; presented by `app/web/driver/present.py`. */
import type { Command, Money, PayLine, Point, SocketGrant } from "../lib/api";

export interface DriverState {
  rev: string;
  server_time: string;
  me: {
    id: string;
    name: string;
    first_name: string;
    photo_url: string | null;
    vehicle: string;
    is_approved: boolean;
    on_duty: boolean;
    duty_site_id: string | null;
  };
  device: {
    /** Key id of this driver's active phone, or null when none is enrolled. */
    kid: number | null;
    /** Nonce to sign when enrolling: proof that the phone holds the key. */
    challenge: string;
  };
  /** Where the driver may go on duty. */
  sites: { id: string; name: string; city: string; lat: number; lon: number }[];
  /** Empty unless on duty without a run. */
  offers: Offer[];
  run: Run | null;
  /** The run that ended last (within the hour), so that its earnings can be shown after the last stop. */
  last_finished: FinishedRun | null;
  server_keys: { kid: number; public_key: string }[];
  socket: SocketGrant;
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
  /** Keys that may sign `R` for this store. */
  desks: { kid: number; public_key: string }[];
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
}

export interface ReturnStop extends StopBase {
  kind: "return";
  store: StorePlace;
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

// Commands. Each is POSTed to the path in its comment with a JSON body; the answer is
// CommandAnswer<Result, DriverState>.

/** `/driver/api/device` → { kid } */
export interface EnrolPhone extends Command {
  /** Uncompressed P-256 point, 130 hex digits. */
  public_key: string;
  challenge: string;
  /** base64url ES256 (P1363) over the UTF-8 challenge. */
  signature: string;
}
/** `/driver/api/duty` → {} */
export interface SetDuty extends Command {
  on_duty: boolean;
  site_id: string | null;
}
/** `/driver/api/runs/{id}/claim` → { run_id }; 409 `already_claimed` | `run_gone`, 409 `run_limit`. */
export type ClaimRun = Command;
/** `/driver/api/runs/{id}/release` → {} */
export interface ReleaseRun extends Command {
  reason: "vehicle_problem" | "too_long_wait" | "emergency" | "mistake" | "other";
  note: string;
}
/** `/driver/api/stops/{id}/arrive` → {} */
export interface ArriveAtStop extends Command {
  position: (Point & { accuracy_m: number }) | null;
}
/** `/driver/api/stops/{id}/collect` → { parcel_count, level } */
export interface CollectParcels extends Command {
  epoch: number;
  evidence:
    | { kind: "release_code"; text: string }
    | { kind: "short_code"; text: string }
    | { kind: "assertion"; reason: string };
  position: (Point & { accuracy_m: number }) | null;
}
/** `/driver/api/stops/{id}/deliver` → { level } */
export interface DeliverParcels extends Command {
  epoch: number;
  evidence:
    | { kind: "customer_code"; text: string }
    | { kind: "pin"; pin: string }
    | { kind: "photo"; photo_id: string }
    | { kind: "none" };
  position: (Point & { accuracy_m: number }) | null;
}
/** `/driver/api/stops/{id}/fail` → {}: nobody there, wrong address …; the parcels go back to the store. */
export interface FailDropoff extends Command {
  epoch: number;
  reason: "nobody_home" | "wrong_address" | "refused" | "damaged" | "unsafe" | "other";
  note: string;
}
/** `/driver/api/stops/{id}/return` → { level }: parcels are back at the store's counter. */
export interface ReturnParcels extends Command {
  epoch: number;
  evidence: { kind: "short_code"; text: string } | { kind: "assertion"; reason: string };
}
/** multipart POST `/driver/api/photos` with fields command_id, occurred_at, delivery_id, photo → { photo_id }. */
export interface PhotoAnswer {
  photo_id: string;
}
/** `/driver/api/positions` → 204. At most one post in 3 s; the newest fix wins. */
export interface ReportPositions {
  fixes: {
    lat: number;
    lon: number;
    accuracy_m: number;
    heading_deg: number | null;
    speed_mps: number | null;
    at: string;
  }[];
}
/** GET `/driver/api/earnings` */
export interface Earnings {
  runs: FinishedRun[];
  total: Money;
}
