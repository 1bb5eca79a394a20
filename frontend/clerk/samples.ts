/** A desk's state for tests: Carl at Juniper's counter; Dina is coming for Cleo's two parcels and Ann's one. */
import type { ArrivingDriver, DeskDelivery, DeskState } from "./api";
import type { SignedInClerk } from "./clerk-codes";

const AT = "2026-11-22T18:00:00.000Z";

export const CARL: SignedInClerk = { id: "clk_carl", number: 4, first_name: "Carl", idle_s: 180 };
export const NINA: SignedInClerk = { id: "clk_nina", number: 5, first_name: "Nina", idle_s: 180 };
export const HANDLES = { cleo: "000000000000000a", ann: "000000000000000b", bob: "000000000000000c" } as const;

export function readyDelivery(handle: string, parcelCount = 1, change: Partial<DeskDelivery> = {}): DeskDelivery {
  return {
    id: `dlv_${handle}`, handle, status: "ready_for_pickup", merchant_ref: null, recipient_first_name: "Cleo", area: "Chandler",
    parcel_count: parcelCount, ready_at: AT, window: { from: AT, until: AT }, packed_at: AT, proof: "none", driver_first_name: "Dina",
    verification: null, handed_over_at: null, can_cancel: true, ...change,
  };
}

export function arrivingDriver(change: Partial<ArrivingDriver> = {}): ArrivingDriver {
  const waiting = (handle: string, parcel_count: number) =>
    ({ id: `dlv_${handle}`, handle, parcel_count, packed: true, recipient_first_name: "Cleo", direction: "pickup", done: false }) as const;
  return {
    run_id: "run_1",
    driver: { first_name: "Dina", photo_url: null, vehicle: "Blue Prius", kid: 77, public_key: null, entry: null, person_id: "per_dina" },
    epoch: 1,
    eta_at: AT, arrived_at: null, deliveries: [waiting(HANDLES.cleo, 2), waiting(HANDLES.ann, 1)], ...change,
  };
}

export function deskState(change: Partial<DeskState> = {}): DeskState {
  return {
    rev: "1", server_time: AT, desk: { id: "dsk_1", name: "Main counter", kid: 4242 },
    store: {
      id: "str_1", number: 81, name: "Juniper", site_name: "Canyon Mall", floor: "Level 2", unit: "2036", timezone: "America/Phoenix",
      lat: 33.301, lon: -111.898, currency: "USD", site_kind: "mall",
    },
    clerk: CARL, sign_in_locked: false, clerk_ids: [CARL.id, NINA.id], server_keys: [], checkpoint: null,
    counts: { to_pack: 0, ready: 2, arriving: 1 },
    to_pack: [], ready: [readyDelivery(HANDLES.cleo, 2), readyDelivery(HANDLES.ann)], arriving: [arrivingDriver()], gone: [], incidents: [], parcels: [], waves: [], visit: null,
    socket: { ticket: "ticket" }, ...change,
  };
}

/** The same desk while nobody is signed in, as the server says it. */
export function lockedState(change: Partial<DeskState> = {}): DeskState {
  return deskState({ clerk: null, to_pack: [], ready: [], arriving: [], gone: [], ...change });
}
