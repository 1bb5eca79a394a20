/** A driver's state for tests: Dina collects for Maria and José at Sephora, for Ann at Lego, and brings Maria's parcel. */
import type { DriverState, DropoffStop, FinishedRun, PickupDelivery, PickupStop, ReturnStop, Run } from "./api";

const AT = "2026-11-22T18:00:00.000Z";
const PLACE = { lat: 33.302, lon: -111.898 };

export const HANDLES = { maria: "000000000000000a", jose: "000000000000000b", ann: "000000000000000c" } as const;

export function pickupDelivery(handle: string, parcelCount = 1): PickupDelivery {
  return {
    id: `dlv_${handle}`, handle, recipient_first_name: "Maria", parcel_count: parcelCount, packed: true, ready_at: AT,
    status: "ready_for_pickup", verification: null,
  };
}

export function pickup(id: string, seq: number, deliveries: PickupDelivery[], desks: PickupStop["store"]["desks"] = []): PickupStop {
  const store = {
    ...PLACE, id: `str_${id}`, number: seq, name: `Store ${seq}`, floor: "Level 1", unit: "", counter_note: "", entrance: "", desks,
  };
  return { id, seq, kind: "pickup", status: "ahead", planned_at: AT, arrived_at: null, done_at: null, store, walk_s: 120, deliveries };
}

export function dropoff(id: string, seq: number, handle: string = HANDLES.maria): DropoffStop {
  const delivery = {
    ...PLACE, id: `dlv_${handle}`, handle, status: "enroute_to_dropoff", store_name: "Store 1", parcel_count: 1,
    recipient_first_name: "Maria", street: "1 Main St", unit: null, city: "Chandler", postal_code: "85224", instructions: null,
    leave_at_door: false, proof: "pin" as const, pin_tries_left: 5,
  };
  const window = { from: AT, until: AT };
  return { id, seq, kind: "dropoff", status: "ahead", planned_at: AT, arrived_at: null, done_at: null, drive_s: 600, distance_m: 5_000, window, delivery };
}

export function giveBack(id: string, seq: number, deliveries: PickupDelivery[]): ReturnStop {
  const { store } = pickup(id, seq, []);
  return { id, seq, kind: "return", status: "ahead", planned_at: AT, arrived_at: null, done_at: null, store, drive_s: 600, distance_m: 5_000, deliveries };
}

export const FINISHED: FinishedRun = {
  id: "run_0", site_name: "Mall", finished_at: "2026-11-22T17:00:00Z", delivered_count: 1, returned_count: 0, pay: [],
  pay_total: { amount_minor: 0, currency: "USD" },
};

export function runOf(stops: Run["stops"]): Run {
  const site = {
    id: "sit_1", name: "Mall", city: "Chandler", timezone: "America/Phoenix", parking: { ...PLACE, note: "Lot C" },
    entrance: { ...PLACE, name: "South", note: "" },
  };
  return {
    id: "run_1", rev: 1, epoch: 1, status: "claimed", site, wave: null, stops, current_stop_id: stops[0]?.id ?? null, pay: [],
    pay_total: { amount_minor: 0, currency: "USD" }, minutes: 60, distance_m: 9_000, claimed_at: AT, can_release: true,
  };
}

export function stateOf(more: Partial<DriverState> = {}): DriverState {
  const me = {
    id: "per_dina", name: "Dina Alvarez", first_name: "Dina", photo_url: null, vehicle: "Blue Prius", is_approved: true, on_duty: true,
    duty_site_id: "sit_1",
  };
  return {
    rev: "1", server_time: AT, me, device: { kid: null, challenge: "prove it" }, sites: [], offers: [], run: null, last_finished: null,
    server_keys: [], checkpoint: null, socket: { ticket: "ticket" }, ...more,
  };
}

/** A step in the outbox. */
export function pendingStep(path: string, body: Record<string, unknown> = {}) {
  return { commandId: path, path, occurredAt: AT, body };
}
