/** The JSON of `/desk/api`; presented by `app/web/clerk/present.py`. */
import type { Checkpoint, Incident, Point, SocketGrant } from "../lib/api";
import type { PinnedKey } from "../lib/roster";
import type { CancelReason } from "./api-commands";

export interface DeskState {
  rev: string;
  server_time: string;
  desk: { id: string; name: string; kid: number };
  store: {
    id: string;
    number: number;
    name: string;
    site_name: string;
    floor: string;
    unit: string;
    timezone: string;
    lat: number;
    lon: number;
    currency: string;
    /** At a hub and a station carriers bring the parcels in. */
    site_kind: "mall" | "street" | "station" | "hub";
    /** As it was typed; null where there is none, absent in a state kept long ago. */
    dispatcher_phone?: string | null;
  };
  /** Null while the desk is locked: then every list below is empty. */
  clerk: { id: string; number: number; first_name: string; idle_s: number } | null;
  /** True after five wrong codes: a manager must unlock the desk. */
  sign_in_locked: boolean;
  /** The store's clerks that may sign in; also while the desk is locked. */
  clerk_ids: string[];
  /** Keys that sign tickets and roster entries. */
  server_keys: PinnedKey[];
  /** The newest signed state of the log; null until there is one. */
  checkpoint: Checkpoint | null;
  counts: { to_pack: number; ready: number; arriving: number };
  /** By ready time. */
  to_pack: DeskDelivery[];
  ready: DeskDelivery[];
  /** By expected arrival. */
  arriving: ArrivingDriver[];
  /** Today's, newest first: handed over, delivered, coming back, returned, cancelled. */
  gone: DeskDelivery[];
  /** What a person has to look at: two sides that do not say the same. */
  incidents: Incident[];
  /** At a hub and a station: every parcel that is expected or here; else empty. */
  parcels: DeskParcel[];
  /** At a station, the next first; else empty. */
  waves: Wave[];
  /** Who brings parcels to this desk right now; null when nobody does whose phone was scanned. */
  visit: Visit | null;
  socket: SocketGrant;
}

/** A carrier who drives with us. */
export interface Visit {
  /** The id of the command that opened it. */
  id: string;
  phone_kid: number;
  driver: Pick<ArrivingDriver["driver"], "person_id" | "first_name" | "photo_url" | "vehicle">;
  opened_at: string;
  /** Nothing that is scanned later is from this driver. */
  ends_at: string;
  parcel_count: number;
}

export interface DeskParcel {
  delivery_id: string;
  handle: string;
  number: number;
  of: number;
  /** Capitals and digits only. */
  carrier_ref: string | null;
  merchant_ref: string | null;
  recipient_first_name: string;
  area: string;
  run_id: string | null;
  /** The carrier has handed it over. */
  is_in: boolean;
  /** Shelf of a hub, bay of a station. */
  place: string | null;
  /** A step of it is kept on this device and not sent. */
  is_kept?: boolean;
}

export interface Wave {
  leaves_at: string;
  runs: { run_id: string; bay: number; driver_first_name: string | null }[];
}

export interface DeskDelivery {
  id: string;
  handle: string;
  status: string;
  merchant_ref: string | null;
  recipient_first_name: string;
  area: string;
  parcel_count: number;
  /** What stands on its labels to read out, parcel by parcel; a board that an earlier release has kept has none. */
  label_codes?: string[];
  ready_at: string;
  window: { from: string; until: string };
  packed_at: string | null;
  proof: "photo" | "pin" | "none";
  driver_first_name: string | null;
  verification: "E0" | "E1" | "E2" | "E3" | null;
  handed_over_at: string | null;
  /** What the goods are worth, minor units of the store's currency; null when nobody has said. */
  value_minor?: number | null;
  /** Null also for what nobody has cancelled; a board that an earlier release has kept has none. */
  cancel_reason?: CancelReason | null;
  /** Typed at this store's own desk; a board that an earlier release has kept does not say. */
  is_by_hand?: boolean;
  /** It may still go to another address. */
  can_readdress?: boolean;
  /** Another link for its customer may be shown here now: its page shows no PIN yet. */
  can_give_link?: boolean;
  can_cancel: boolean;
  needs_manager_code?: boolean;
}

export interface ArrivingDriver {
  run_id: string;
  driver: {
    first_name: string;
    photo_url: string | null;
    vehicle: string;
    /** 0 when the driver's phone is not enrolled: only the short code works then. */
    kid: number;
    /** Of that phone; null when it is not enrolled. */
    public_key: string | null;
    /** The server's signed word for that key; see `lib/roster.ts`. */
    entry: string | null;
    person_id: string;
  };
  /** Grows whenever the run gets another driver. */
  epoch: number;
  eta_at: string | null;
  arrived_at: string | null;
  deliveries: {
    id: string;
    handle: string;
    parcel_count: number;
    packed: boolean;
    recipient_first_name: string;
    /** pickup: the driver takes it; return: the driver brings it back. */
    direction: "pickup" | "return";
    /** True once the driver's collection (or return) is recorded on the server. */
    done: boolean;
    /** Dear goods: they leave with the six digits of a manager (`manager_code`) only. */
    needs_manager_code?: boolean;
  }[];
}

/**
 * GET `/desk/api/places?q=`: what may be meant, at most 8.
 * GET `/desk/api/places/around?lat=&lon=`: known addresses, nearest first, at most 24.
 */
export interface PlaceHit extends Point {
  street: string;
  city: string;
  postal_code: string;
  /** Empty for a known address; else the known ones that the point was guessed from, one or two. */
  near: string[];
}
// GET `/desk/api/deliveries/{id}/label.pdf` all parcels; `/label.png?parcel=1` one.

export type * from "./api-commands";
