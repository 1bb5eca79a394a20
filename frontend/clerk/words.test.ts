import assert from "node:assert/strict";
import { test } from "node:test";
import { arrivalWords, cancelWords, evidenceWords } from "./words";

const NOW = Date.parse("2026-07-01T21:00:00Z");
const minutesAgo = (n: number): string => new Date(NOW - n * 60_000).toISOString();

test("a driver is coming, late or here, and never expected in the past without a word", () => {
  const words = (arrived_at: string | null, eta_at: string | null) => arrivalWords({ arrived_at, eta_at }, NOW, "America/Phoenix");

  assert.deepEqual(words(null, minutesAgo(-10)), ["arrives about 2:10 pm", "neutral"]);
  assert.deepEqual(words(null, minutesAgo(4)), ["arrives about 1:56 pm", "neutral"]);
  assert.deepEqual(words(null, minutesAgo(6)), ["was expected at 1:54 pm", "warn"]);
  assert.deepEqual(words(minutesAgo(2), minutesAgo(30)), ["is here since 1:58 pm", "go"]);
  assert.deepEqual(words(null, null), ["is on the way", "neutral"]);
});

test("what came back was not scanned, and is not called so", () => {
  const short = (level: "E0" | "E2" | "E3" | null, status?: string) => evidenceWords(level, status)?.[0];

  assert.deepEqual([short("E2"), short("E2", "delivered"), short("E2", "returned")], ["Code scanned", "Code scanned", "Taken back"]);
  assert.deepEqual([short("E3", "returned"), short("E0", "returned"), short(null, "returned")], ["Confirmed by both", "By word only", undefined]);
});

test("why something was cancelled is said where somebody chose a reason that is known here", () => {
  assert.equal(cancelWords("out_of_stock"), "An article is not in stock");
  assert.deepEqual([cancelWords(null), cancelWords(undefined), cancelWords("of_a_later_release" as "other")], [null, null, null]);
});
