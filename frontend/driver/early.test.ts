/** A door whose window has not begun: what the driver is told on the way and there. */
import assert from "node:assert/strict";
import test from "node:test";
import { earlyAdvice, earlyAt, earlyTitle } from "./early";
import { dropoff } from "./samples";
import type { Step } from "./steps";

const PHOENIX = "America/Phoenix";
/** 9:30 to 11:30 in Phoenix, ten minutes' drive away. */
const DOOR = { ...dropoff("stp_1", 1), window: { from: "2026-11-24T16:30:00.000Z", until: "2026-11-24T18:30:00.000Z" } };

function at(clock: string): number {
  return Date.parse(`2026-11-24T${clock}:00.000Z`);
}

function words(clock: string, step: Step, stop = DOOR): string[] | null {
  const early = earlyAt(stop, step, at(clock));
  return early && [earlyTitle(stop, early, at(clock), PHOENIX), earlyAdvice(stop, early, at(clock), PHOENIX)];
}

test("whoever would be there too early is told when, and when to leave instead", () => {
  assert.deepEqual(words("16:00", "go"), ["The promised time begins at 9:30 am", "If you leave now, you are there at 9:10 am. Leave at 9:20 am to wait less."]);
});

test("when to leave is said in whole five minutes, rather a little early", () => {
  const farther = { ...DOOR, drive_s: 13 * 60 };

  assert.equal(words("16:00", "go", farther)![1], "If you leave now, you are there at 9:13 am. Leave at 9:15 am to wait less.");
});

test("with a few minutes to spare there is no other time to leave", () => {
  const farther = { ...DOOR, drive_s: 14 * 60 };

  assert.equal(words("16:15", "go", farther), null);
  assert.deepEqual(words("16:15", "go", { ...DOOR, drive_s: 12 * 60 }), [
    "The promised time begins at 9:30 am",
    "If you leave now, you are there at 9:27 am and wait a little.",
  ]);
});

test("at the door the driver may wait, or hand over to somebody who is there", () => {
  assert.deepEqual(words("16:10", "deliver"), [
    "You are early: the promised time begins at 9:30 am",
    "Wait until then, or hand over now if Maria is there.",
  ]);
  assert.equal(words("16:30", "deliver"), null);
});

test("nothing is left at a door before its time", () => {
  const left = { ...DOOR, delivery: { ...DOOR.delivery, leave_at_door: true } };

  assert.equal(words("16:10", "deliver", left)![1], "Leave nothing at the door until then. If Maria comes out, you may hand it over now.");
});

test("a door that is done is never early", () => {
  assert.equal(words("16:00", "kept"), null);
  assert.equal(words("16:00", "over"), null);
});
