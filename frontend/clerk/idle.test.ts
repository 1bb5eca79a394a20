import assert from "node:assert/strict";
import { test } from "node:test";
import { createIdleWatch } from "./idle";

/** A clock that is moved by hand, and what the watch reported: warnings in seconds, `idle`, `activity`. */
function watched(idleMs = 180_000) {
  let now = 0;
  let due: { at: number; work: () => void } | null = null;
  const said: (number | string | null)[] = [];
  const after = (delayMs: number, work: () => void) => {
    const mine = { at: now + delayMs, work };
    due = mine;
    return () => {
      if (due === mine) due = null;
    };
  };
  const clock = { device: () => now, after } as never;
  const watch = createIdleWatch({
    clock, idleMs,
    onWarning: (seconds) => said.push(seconds),
    onIdle: () => said.push("idle"),
    onActivity: () => said.push("activity"),
  });
  const pass = (seconds: number) => {
    for (const end = now + seconds * 1_000; due && due.at <= end; ) {
      const { at, work } = due;
      now = at;
      due = null;
      work();
    }
  };
  return { watch, said, pass, isOver: () => due === null };
}

test("it warns for twenty seconds, then locks once", () => {
  const { said, pass, isOver } = watched();

  pass(159);
  assert.deepEqual(said.filter((each) => each !== "activity"), []);
  pass(400);

  assert.deepEqual(said.filter((each) => each !== "activity"), [...Array.from({ length: 20 }, (_, at) => 20 - at), "idle"]);
  assert.ok(isOver());
});

test("any touch takes the warning away and starts again", () => {
  const { watch, said, pass } = watched();

  pass(165);
  watch.touch();

  assert.equal(said.filter((each) => each !== "activity").at(-1), null);
  pass(159);
  assert.ok(!said.includes("idle"));
});

test("the server hears of touches at most every thirty seconds, also of the last one", () => {
  const { watch, said, pass } = watched();
  const reports = () => said.filter((each) => each === "activity").length;

  for (let second = 0; second < 60; second += 1) {
    pass(1);
    watch.touch();
  }
  assert.equal(reports(), 2);
  pass(10);
  watch.touch();
  pass(30);

  assert.equal(reports(), 3);
});

test("a shown code counts as use for ten minutes and no longer", () => {
  const { watch, said, pass } = watched();
  const release = watch.hold();

  pass(600);
  assert.ok(!said.includes("idle"));
  pass(180);
  assert.ok(said.includes("idle"));
  release();
});
