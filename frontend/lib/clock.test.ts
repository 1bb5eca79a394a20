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
