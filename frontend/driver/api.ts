/** The JSON of `/driver/api`; presented by `app/web/driver/present.py`. */
import type { Checkpoint, Incident as Doubt, SocketGrant } from "../lib/api";
import type { LostAsk, Offer, VehicleClass } from "./api-offers";
import type { FinishedRun, Run } from "./api-runs";

export type * from "./api-bring";
export type * from "./api-commands";
export type * from "./api-offers";
export type * from "./api-runs";

export interface DriverState {
  rev: string;
  server_time: string;
  me: {
    id: string;
    name: string;
    first_name: string;
    photo_url: string | null;
    vehicle: string;
    /** Like the next, absent in a state kept long ago. */
    vehicle_class?: VehicleClass;
    /** When the driver wants to be through; null for an open end. */
    shift_until?: string | null;
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
  /** Runs that the driver asked for and that went to somebody else a moment ago, newest first. */
  answers?: LostAsk[];
  run: Run | null;
  /** By whose clock the place of the run or of duty goes; null without one. Like the next, absent in a state kept long ago. */
  timezone?: string | null;
  /**
   * Whom to call at the place of the run or of duty, else where the driver may work alone or drove last; null where there
   * is none.
   */
  dispatcher_phone?: string | null;
  /** A claim that ended by itself within two hours, until the next one. */
  lapsed?: { run_id: string; site_name: string; ended_at: string; is_on_offer: boolean } | null;
  /** The run that ended last (within the hour), so that its earnings can be shown after the last stop. */
  last_finished: FinishedRun | null;
  server_keys: { kid: number; public_key: string }[];
  /** The newest signed checkpoint of the log; null before the first. Like the next, absent in a state kept long ago. */
  checkpoint?: Checkpoint | null;
  /** What does not fit together about this driver's deliveries, oldest first. */
  incidents?: Incident[];
  socket: SocketGrant;
}

export interface Incident extends Doubt {
  /**
   * The store says that it gave these parcels to this driver, who has not said so. `event_id` is that of the store's signed
   * statement, for `refers_to`; empty when it signed nothing.
   */
  ask: { event_id: string; parcel_count: number; store_name: string } | null;
}
