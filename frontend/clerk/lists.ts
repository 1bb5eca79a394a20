/** Reading the desk's lists: what is first, what is late, what is kept here, what has gone. */
import { otherDay } from "../lib/format";
import type { OutboxView } from "../lib/outbox";
import type { ArrivingDriver, DeskDelivery, DeskState } from "./api";

type Waiting = ArrivingDriver["deliveries"][number];

/** By ready time, then by the end of the window, then by name, so that equal rows never swap places. */
export function inPackingOrder(deliveries: readonly DeskDelivery[]): DeskDelivery[] {
  const key = (delivery: DeskDelivery): string =>
    [delivery.ready_at, delivery.window.until, delivery.recipient_first_name, delivery.id].join("\n");
  return [...deliveries].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** What goes out today, and what on a later day of the store's place; `now` in milliseconds since 1970. */
export function byDay(deliveries: readonly DeskDelivery[], now: number, timezone: string): { today: DeskDelivery[]; later: DeskDelivery[] } {
  const isLater = ({ window: { from } }: DeskDelivery): boolean => Date.parse(from) > now && otherDay(from, now, timezone) !== null;
  const sorted = inPackingOrder(deliveries);
  return { today: sorted.filter((each) => !isLater(each)), later: sorted.filter(isLater) };
}

/** Who stands at the counter comes first, then by expected arrival; unknown arrivals last. */
export function inArrivalOrder(drivers: readonly ArrivingDriver[]): ArrivingDriver[] {
  const key = (run: ArrivingDriver): string => (run.arrived_at ? `0${run.arrived_at}` : `1${run.eta_at ?? "~"}`) + run.run_id;
  return [...drivers].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** First names of those who stand at the counter now and did not in the lists before. */
export function newlyHere(before: Pick<DeskState, "arriving">, after: Pick<DeskState, "arriving">): string[] {
  const here = ({ arriving }: Pick<DeskState, "arriving">): ArrivingDriver[] => arriving.filter(({ arrived_at }) => arrived_at !== null);
  const known = new Set(here(before).map(({ driver }) => driver.person_id));
  const names = new Map(here(after).filter(({ driver }) => !known.has(driver.person_id)).map(({ driver }) => [driver.person_id, driver.first_name]));
  return [...names.values()];
}

/** Minutes that a delivery is late to be packed; 0 when it is not. */
export function minutesLate(readyAt: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(readyAt)) / 60_000));
}

/** What a driver is still to take. */
export function toCollect(run: ArrivingDriver): Waiting[] {
  return run.deliveries.filter(({ direction, done }) => direction === "pickup" && !done);
}

/** What a driver brings back. */
export function toTakeBack(run: ArrivingDriver): Waiting[] {
  return run.deliveries.filter(({ direction, done }) => direction === "return" && !done);
}

/** Goods that leave with a manager's code only. */
export function isDear({ needs_manager_code: isNeeded }: { needs_manager_code?: boolean }): boolean {
  return isNeeded === true;
}

export function parcelSum(deliveries: readonly { parcel_count: number }[]): number {
  return deliveries.reduce((sum, { parcel_count }) => sum + parcel_count, 0);
}

/** Any delivery of today by id. */
export function deliveryById(state: DeskState, id: string): DeskDelivery | undefined {
  return [...state.to_pack, ...state.ready, ...state.gone].find((delivery) => delivery.id === id);
}

/** Those among `ids` that the server knows to be with the driver: marked done on the run, or gone from the counter. */
export function handedOver(state: DeskState, runId: string, ids: readonly string[]): Set<string> {
  const stops = state.arriving.filter(({ run_id }) => run_id === runId);
  const onRun = stops.flatMap(({ deliveries }) => deliveries).filter(({ done, direction }) => done && direction === "pickup");
  const gone = state.gone.filter(({ handed_over_at }) => handed_over_at !== null);
  const taken = new Set([...onRun, ...gone].map(({ id }) => id));
  return new Set(ids.filter((id) => taken.has(id)));
}

/** The weakest evidence among deliveries that have left; null when there is none of them. */
export function weakestOf(state: Pick<DeskState, "gone">, ids: readonly string[]): DeskDelivery["verification"] {
  const levels = state.gone.filter(({ id }) => ids.includes(id)).map(({ verification }) => verification ?? "E0");
  return levels.sort()[0] ?? null;
}

/** Those among `ids` that were cancelled in the meantime. */
export function cancelledAmong(state: DeskState, ids: readonly string[]): DeskDelivery[] {
  return state.gone.filter(({ id, status }) => status === "cancelled" && ids.includes(id));
}

/** What is kept on the tablet about a delivery: the last part of the command's path. */
export type KeptStep = "pack" | "unpack" | "keep-back" | "cancel" | "handover" | "return";

/** Steps that are kept on this tablet and not yet answered, by delivery id. */
export function keptSteps(kept: OutboxView): Map<string, KeptStep> {
  const steps = new Map<string, KeptStep>();
  for (const { path, body } of kept.pending) {
    const single = /^\/deliveries\/([^/]+)\/(pack|unpack|keep-back|cancel)$/.exec(path);
    if (single) steps.set(single[1]!, single[2] as KeptStep);
    const step = path === "/handovers" ? "handover" : path === "/returns" ? "return" : null;
    if (step) for (const id of (body.delivery_ids ?? []) as string[]) steps.set(id, step);
  }
  return steps;
}
