import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutboxView } from "../lib/outbox";
import type { ArrivingDriver, DeskDelivery, DeskState } from "./api";
import { byDay, cancelledAmong, handedOver, inArrivalOrder, inPackingOrder, keptSteps, minutesLate, newlyHere, toCollect, toTakeBack } from "./lists";

const delivery = (id: string, change: Partial<DeskDelivery> = {}) =>
  ({ id, ready_at: "2026-07-01T18:00:00Z", window: { from: "", until: "2026-07-01T20:00:00Z" }, recipient_first_name: "Cleo",
    status: "created", handed_over_at: null, ...change }) as DeskDelivery;
const waiting = (id: string, change: object = {}) => ({ id, direction: "pickup", done: false, packed: true, ...change });
const run = (id: string, change: object = {}) => ({ run_id: id, eta_at: null, arrived_at: null, deliveries: [], ...change }) as unknown as ArrivingDriver;
const ids = (all: readonly { id?: string; run_id?: string }[]) => all.map(({ id, run_id }) => id ?? run_id).join(" ");

test("what must be ready first is packed first, then what must arrive first, then by name", () => {
  const packing = inPackingOrder([
    delivery("d", { recipient_first_name: "Dan" }),
    delivery("late", { ready_at: "2026-07-01T19:00:00Z" }),
    delivery("c"),
    delivery("soon", { window: { from: "", until: "2026-07-01T19:00:00Z" } }),
    delivery("first", { ready_at: "2026-07-01T17:59:59Z" }),
  ]);

  assert.equal(ids(packing), "first soon c d late");
});

test("what goes out on a later day of the place stands apart, and what is overdue does not", () => {
  const at = (id: string, from: string) => delivery(id, { window: { from, until: from } });
  const now = Date.parse("2026-07-02T04:30:00Z");  // Half past nine in the evening of July 1 in Phoenix.

  const { today, later } = byDay(
    [at("tomorrow", "2026-07-02T17:00:00Z"), at("tonight", "2026-07-02T05:00:00Z"), at("yesterday", "2026-06-30T20:00:00Z")],
    now, "America/Phoenix",
  );

  assert.deepEqual([ids(today), ids(later)], ["yesterday tonight", "tomorrow"]);
});

test("drivers at the counter come before those on the way, unknown arrivals last", () => {
  const arriving = inArrivalOrder([
    run("unknown"), run("later", { eta_at: "2026-07-01T18:30:00Z" }), run("soon", { eta_at: "2026-07-01T18:10:00Z" }),
    run("here", { eta_at: "2026-07-01T19:00:00Z", arrived_at: "2026-07-01T18:05:00Z" }),
  ]);

  assert.equal(ids(arriving), "here soon later unknown");
});

test("who has come to the counter is told once, also with two stops there", () => {
  const at = (id: string, arrived_at: string | null) => run(`run_${id}`, { arrived_at, driver: { person_id: id, first_name: id.toUpperCase() } });
  const before = { arriving: [at("dina", null), at("dan", "2026-07-01T18:00:00Z")] };
  const after = { arriving: [at("dina", "2026-07-01T18:05:00Z"), at("dina", "2026-07-01T18:05:00Z"), at("dan", "2026-07-01T18:00:00Z")] };

  assert.deepEqual(newlyHere(before, after), ["DINA"]);
  assert.deepEqual(newlyHere(after, after), []);
  assert.deepEqual(newlyHere(after, before), []);
});

test("late is counted in whole minutes and never negative", () => {
  const ready = "2026-07-01T18:00:00Z";
  const minute = (n: number) => Date.parse(ready) + n * 60_000;

  assert.deepEqual([-5, 0, 0.99, 1, 61].map((n) => minutesLate(ready, minute(n))), [0, 0, 0, 1, 61]);
});

test("a driver takes and brings back only what is open", () => {
  const mixed = run("r", { deliveries: [
    waiting("take"), waiting("taken", { done: true }), waiting("back", { direction: "return" }), waiting("was-back", { direction: "return", done: true }),
  ] });

  assert.equal(ids(toCollect(mixed)), "take");
  assert.equal(ids(toTakeBack(mixed)), "back");
});

test("a handover is seen on the run, and still after the run has left the list", () => {
  const state = {
    arriving: [run("r", { deliveries: [waiting("a", { done: true }), waiting("b"), waiting("x", { done: true, direction: "return" })] })],
    gone: [delivery("c", { handed_over_at: "2026-07-01T18:00:00Z" }), delivery("d", { status: "cancelled" })],
  } as unknown as DeskState;

  assert.deepEqual([...handedOver(state, "r", ["a", "b", "c", "d", "x"])], ["a", "c"]);
  assert.equal(ids(cancelledAmong(state, ["a", "d"])), "d");
});

test("unsent steps are told by delivery", () => {
  const kept = { pending: [
    { path: "/deliveries/dlv_1/pack", body: {} },
    { path: "/handovers", body: { delivery_ids: ["dlv_2", "dlv_3"] } },
    { path: "/returns", body: { delivery_ids: ["dlv_4"] } },
    { path: "/deliveries", body: {} },
    { path: "/deliveries/dlv_5/pack", body: {} },
    { path: "/deliveries/dlv_5/unpack", body: {} },
    { path: "/deliveries/dlv_6/keep-back", body: {} },
  ] } as unknown as OutboxView;

  assert.deepEqual([...keptSteps(kept)], [["dlv_1", "pack"], ["dlv_2", "handover"], ["dlv_3", "handover"], ["dlv_4", "return"],
    ["dlv_5", "unpack"], ["dlv_6", "keep-back"]]);
});
