import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffDelay } from "./backoff";
import { createClock, isoInstant } from "./clock";

const parts = { now: () => 1_000_000, after: () => () => undefined };

test("the clock takes over the server's time, half of the way counted", () => {
  const clock = createClock(parts);

  clock.learn(isoInstant(1_060_000), 999_800, 1_000_000);

  assert.equal(clock.now(), 1_060_100);
  assert.equal(clock.offset(), 60_100);
  assert.equal(clock.device(), 1_000_000);
});

test("a slow answer or a broken time teaches nothing", () => {
  const clock = createClock(parts);

  clock.learn(isoInstant(5), 0, 1_000_000);
  clock.learn("yesterday", 1_000_000, 1_000_000);

  assert.equal(clock.offset(), 0);
});

test("waiting grows to its cap and never ends at once", () => {
  assert.deepEqual([1, 2, 3, 40].map((failures) => backoffDelay(failures, 1_000, 300_000, 1)), [1_000, 2_000, 4_000, 300_000]);
  assert.equal(backoffDelay(1, 1_000, 300_000, 0), 500);
});

/** A device whose two clocks are moved by hand. */
function device() {
  const at = { wall: 1_000_000, monotonic: 0 };
  const clock = createClock({ now: () => at.wall, monotonic: () => at.monotonic, after: () => () => undefined });
  const pass = (ms: number): void => {
    at.wall += ms;
    at.monotonic += ms;
  };
  clock.learn(new Date(at.wall + 250).toISOString(), at.wall, at.wall);
  return { at, clock, pass };
}

test("a statement says how old the clock's last lesson is", () => {
  const { clock, pass } = device();
  pass(75_900);
  assert.deepEqual(clock.claim(), { offset_ms: 250, sync_age_s: 75, jump: false });
});

test("a clock that was set back is noticed, whoever looked", () => {
  const { at, clock, pass } = device();
  pass(60_000);
  at.wall -= 6_000;
  assert.equal(clock.claim().jump, true);
});

test("a clock that was set forward is noticed only while the page was watched, for phones sleep", () => {
  const [slept, moved] = [device(), device()];
  slept.at.wall += 3_600_000;
  slept.clock.observe(false);
  moved.at.wall += 3_600_000;
  moved.clock.observe(true);
  assert.deepEqual([slept.clock.claim().jump, moved.clock.claim().jump], [false, true]);
});

test("a second's correction by the network is no jump, and a new lesson ends one", () => {
  const { at, clock, pass } = device();
  at.wall -= 1_500;
  assert.equal(clock.claim().jump, false);
  at.wall -= 60_000;
  assert.equal(clock.claim().jump, true);
  clock.learn(new Date(at.wall).toISOString(), at.wall, at.wall);
  pass(1_000);
  assert.deepEqual(clock.claim(), { offset_ms: 0, sync_age_s: 1, jump: false });
});

test("a lesson of an earlier start counts from then, and shows a clock set back meanwhile", () => {
  const clock = createClock({ now: () => 1_000_000, after: () => () => undefined });
  clock.setOffset(500, 940_500);
  assert.deepEqual(clock.claim(), { offset_ms: 500, sync_age_s: 60, jump: false });
  clock.setOffset(500, 1_100_000);
  assert.deepEqual(clock.claim(), { offset_ms: 500, sync_age_s: 0, jump: true });
});
