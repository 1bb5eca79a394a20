/**
 * The commands of `/driver/api`. Each is POSTed to the path in its comment with a JSON body; the answer is
 * CommandAnswer<Result, DriverState>. Handoffs of a phone with a key are signed statements instead (`statements.ts`).
 */
import type { Command, Money, PayLine, Point } from "../lib/api";
import type { FinishedRun, StopStatus } from "./api-runs";

/** `/driver/api/device` → { kid } */
export interface EnrolPhone extends Command {
  /** Uncompressed P-256 point, 130 hex digits. */
  public_key: string;
  challenge: string;
  /** base64url ES256 (P1363) over the UTF-8 challenge. */
  signature: string;
}
/** `GET /driver/api/push/key`: by which key the browser's message service knows the server; base64url, 65 bytes. */
export interface PushKey {
  key: string;
}
/** `/driver/api/push` → {}: messages to this browser from now on; 422 `push_unknown`. The fields are those of the Push API. */
export interface TakePushes extends Command {
  address: string;
  public_key: string;
  auth: string;
}
/** `/driver/api/push/end` → {} */
export interface EndPushes extends Command {
  address: string;
}
/** `/driver/api/runs/{id}/claim` → { run_id }; 409 `already_claimed` | `run_gone`, 409 `run_limit`. */
export type ClaimRun = Command;
/** `/driver/api/runs/{id}/release` → {} */
export interface ReleaseRun extends Command {
  reason: "vehicle_problem" | "too_long_wait" | "emergency" | "mistake" | "other";
  note: string;
}
/** `/driver/api/runs/{id}/keep` → {}: "I am on my way", after a warning. */
export type KeepRun = Command;
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
/** `/driver/api/stops/{id}/manager-code` → {}; refusals as at the desk. Asked before a collection without the tablet is stated. */
export interface EnterManagerCode extends Command {
  code: string;
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
/** GET `/driver/api/earnings?timezone=&on=`: the week of a day, Monday to Sunday, in the phone's time zone. */
export interface EarningsWeek {
  /** Days without time, `2026-11-23`. */
  first_on: string;
  last_on: string;
  previous_on: string;
  /** Null in the present week. */
  next_on: string | null;
  total: Money;
  /** Newest first; days without a run are left out. */
  days: { on: string; total: Money; runs: FinishedRun[]; blocks: PaidBlock[] }[];
}
/** What lifted the pay of a block to its guarantee; `seconds` on duty were counted, `earned` is without tips. */
export interface PaidBlock {
  id: string;
  site_name: string;
  starts_at: string;
  ends_at: string;
  seconds: number;
  earned: Money;
  guaranteed: Money;
  pay_total: Money;
}
/** GET `/driver/api/blocks`; taken by POST `/blocks/{id}/take`, given back by `/blocks/{id}/return`. */
export interface BlockList {
  mine: Block[];
  open: Block[];
}
export interface Block {
  id: string;
  site: { id: string; name: string; city: string; timezone: string };
  /** From where the driver is, or works when that is not known; null for his own and when nobody knows. */
  away_m: number | null;
  starts_at: string;
  ends_at: string;
  /** Real seconds, also on the night when clocks change. */
  seconds: number;
  places_left: number;
  hourly: Money;
  least: Money;
  return_until: string;
  may_return: boolean;
  /** Of a block of one's own: whom to call about it. */
  dispatcher_phone: string | null;
}
/** GET `/driver/api/earnings/{run}` */
export interface EarnedRun extends FinishedRun {
  pay: (PayLine & { stop_seq: number | null })[];
  claimed_at: string | null;
  distance_m: number;
  stops: {
    seq: number;
    kind: "pickup" | "dropoff" | "return";
    status: StopStatus;
    /** Store, or area of a door; null when another driver brings the parcels. */
    place: string | null;
    arrived_at: string | null;
    done_at: string | null;
  }[];
}
