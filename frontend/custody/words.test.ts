import assert from "node:assert/strict";
import { test } from "node:test";
import type { Failed, Held } from "./verify";
import { coverageText, linesFor, verdictText } from "./words";

const held: Held = {
  holds: true, events: 5, hidden: 1, signed: 2, covered: 4, size: 90, origin: "mall.example", memory: { head: "ab", anchor: "cd", key: "ef" },
};
const failed = (step: Failed["step"]): Failed => ({ holds: false, step, fault: "chain_broken", event: 3 });
const outcomes = (...given: Parameters<typeof linesFor>) => linesFor(...given).map((line) => line.outcome);

test("everything before the fault holds, everything after it was not reached", () => {
  assert.deepEqual(outcomes(null, false), ["open", "open", "open", "open"]);
  assert.deepEqual(outcomes(held, true), ["holds", "holds", "holds", "holds", "holds"]);
  assert.deepEqual(outcomes(failed("chain"), true), ["holds", "fails", "open", "open", "open"]);
  assert.deepEqual(outcomes(failed("memory"), true), ["holds", "holds", "holds", "holds", "fails"]);
});

test("the verdict says exactly what failed", () => {
  assert.equal(verdictText(held), "Verified on this device");
  assert.equal(verdictText(failed("chain")), "Event 3 does not follow from the events before it.");
});

test("what is covered is said in full", () => {
  assert.equal(
    coverageText(held),
    "5 events. 2 are signed by phones or tablets. Of 1 you get the hash only: it is about the work and not about your parcels. " +
      "The log of mall.example has 90 events. 1 of yours waits for the next checkpoint.",
  );
  assert.match(coverageText({ ...held, size: null, origin: null, covered: 0 }), /No checkpoint covers them yet/);
});
