/**
 * What there is to do: which screen a state calls for, and which step a stop is at.
 *
 * Steps that this phone has taken and not yet sent count here, marked as such: the driver goes on, and the screens say
 * "on this phone" until the server has them.
 */
import { t, tn } from "../lib/i18n";
import type { OutboxView } from "../lib/outbox-contract";
import { parse } from "../lib/tokens";
import type { DriverState, PickupDelivery, PickupStop, ReturnStop, Run, Stop } from "./api";

export type Home = "not_approved" | "duty" | "offers" | "run" | "finished";

/** The screen that a state calls for. `endedHere` is the run that ended on this phone and was not read about yet. */
export function homeOf(state: DriverState, endedHere: string | null): Home {
  if (state.run) return "run";
  if (state.last_finished && state.last_finished.id === endedHere) return "finished";
  if (!state.me.is_approved) return "not_approved";
  return state.me.on_duty ? "offers" : "duty";
}

export type Pending = OutboxView["pending"];
export type Closing = "collect" | "deliver" | "fail" | "return";

/** What this phone did at a stop and has not sent. */
export interface Mark {
  hasArrived: boolean;
  closing: Closing | null;
  /** Handles that unsent collections name; "all" when one of them speaks for the whole stop. */
  handles: ReadonlySet<string> | "all";
  /** PINs that were entered here and not checked yet. */
  pinTries: number;
}

const STEP_PATH = /^\/stops\/([^/]+)\/(arrive|collect|deliver|fail|return)$/;

/** Gather the unsent steps of one stop. */
export function markOf(stopId: string, pending: Pending): Mark {
  const mark: Mark = { hasArrived: false, closing: null, handles: new Set(), pinTries: 0 };
  for (const { path, body } of pending) {
    const [, id, step] = STEP_PATH.exec(path) ?? [];
    if (id !== stopId) continue;
    if (step === "arrive") mark.hasArrived = true;
    else mark.closing = step as Closing;
    if ((body["evidence"] as { kind?: string } | undefined)?.kind === "pin") mark.pinTries += 1;
    if (step === "collect") mark.handles = union(mark.handles, releasedBy(body["evidence"]));
  }
  return mark;
}

/** The handles in a scanned release. A short code or an assertion names none: it stands for all that is left. */
function releasedBy(evidence: unknown): ReadonlySet<string> | "all" {
  const { kind, text } = (evidence ?? {}) as { kind?: string; text?: string };
  if (kind !== "release_code" || !text) return "all";
  try {
    const { token } = parse(text);
    return token.kind === "release" ? new Set(token.deliveries.map(({ handle }) => handle)) : "all";
  } catch {
    return "all";
  }
}

function union(some: ReadonlySet<string> | "all", more: ReadonlySet<string> | "all"): ReadonlySet<string> | "all" {
  return some === "all" || more === "all" ? "all" : new Set([...some, ...more]);
}

/** What of a pickup is still on the counter, as far as this phone knows. */
export function remainingAt(stop: PickupStop, mark: Mark): PickupDelivery[] {
  const { handles } = mark;
  if (handles === "all") return [];
  return stop.deliveries.filter((one) => one.verification === null && one.status !== "cancelled" && !handles.has(one.handle));
}

/** True when all that was to be collected at a counter was cancelled. */
export function isCancelled(stop: Stop): boolean {
  return stop.kind === "pickup" && stop.deliveries.every(({ status }) => status === "cancelled");
}

/**
 * go: on the way · collect, deliver, give_back: do it here · kept: done on this phone, not sent · over: done or skipped.
 */
export type Step = "go" | "collect" | "deliver" | "give_back" | "kept" | "over";

/** The step a stop is at. */
export function stepOf(stop: Stop, mark: Mark): Step {
  if (stop.status === "done" || stop.status === "skipped") return "over";
  if (stop.kind === "pickup" ? mark.closing !== null && remainingAt(stop, mark).length === 0 : mark.closing !== null) return "kept";
  if (stop.status === "ahead" && !mark.hasArrived) return "go";
  if (stop.kind === "pickup") return "collect";
  return stop.kind === "dropoff" ? "deliver" : "give_back";
}

/** The first stop that still needs the driver, or null when all are done or wait to be sent. */
export function currentStop(run: Run, pending: Pending): Stop | null {
  const inOrder = [...run.stops].sort((one, other) => one.seq - other.seq);
  return inOrder.find((stop) => !["kept", "over"].includes(stepOf(stop, markOf(stop.id, pending)))) ?? null;
}

/** The counter where a door's parcels still are, as far as this phone knows; null once they are in the car. */
export function counterOf(handle: string, run: Run, pending: Pending): PickupStop | null {
  const isThere = (stop: Stop): stop is PickupStop => stop.kind === "pickup" && remainingAt(stop, markOf(stop.id, pending)).some((one) => one.handle === handle);
  return run.stops.find(isThere) ?? null;
}

/** Parcels of a list of deliveries. */
export function countParcels(deliveries: readonly { parcel_count: number }[]): number {
  return deliveries.reduce((sum, one) => sum + one.parcel_count, 0);
}

/** The one thing to do at a stop, as its title. */
export function titleOf(stop: Stop, mark: Mark): string {
  if (stop.kind === "pickup") return collectTitle(stop, mark);
  if (stop.kind === "return") return returnTitle(stop);
  const { delivery } = stop;
  const facts = { name: delivery.recipient_first_name };
  const count = delivery.parcel_count;
  if (stepOf(stop, mark) !== "deliver") return tn("Bring {n} parcel to {name}", "Bring {n} parcels to {name}", count, facts);
  if (delivery.leave_at_door) return tn("Leave {n} parcel at {name}’s door", "Leave {n} parcels at {name}’s door", count, facts);
  return tn("Hand {n} parcel to {name}", "Hand {n} parcels to {name}", count, facts);
}

function collectTitle(stop: PickupStop, mark: Mark): string {
  const remaining = countParcels(remainingAt(stop, mark));
  const facts = { store: stop.store.name, floor: stop.store.floor };
  if (isCancelled(stop)) return t("Nothing to collect at {store}", facts);
  if (remaining === 0) return t("Collected at {store}", facts);
  return tn("Collect {n} parcel at {store}, {floor}", "Collect {n} parcels at {store}, {floor}", remaining, facts);
}

function returnTitle(stop: ReturnStop): string {
  const facts = { store: stop.store.name, floor: stop.store.floor };
  const count = countParcels(stop.deliveries);
  return tn("Give {n} parcel back at {store}, {floor}", "Give {n} parcels back at {store}, {floor}", count, facts);
}

/** Without signal a PIN is only noted; this many, so that a mistyped one can be made good and none can be guessed. */
const MOST_UNCHECKED_PINS = 3;

/** PINs that may still be entered at a stop. */
export function pinTriesLeft(delivery: { pin_tries_left: number }, mark: Mark): number {
  return Math.max(0, Math.min(delivery.pin_tries_left, MOST_UNCHECKED_PINS) - mark.pinTries);
}

export type Way = "pin" | "code" | "photo" | "confirm";

/** How a delivery may be proved, the expected way first. */
export function waysOf(delivery: { proof: "photo" | "pin" | "none"; pin_tries_left: number }): Way[] {
  if (delivery.proof === "none") return ["confirm"];
  if (delivery.proof === "pin" && delivery.pin_tries_left > 0) return ["pin", "code"];
  return ["photo", "code"];
}
