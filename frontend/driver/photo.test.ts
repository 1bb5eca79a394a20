import assert from "node:assert/strict";
import { test } from "node:test";
import { fittedSize } from "./photo";

test("a picture is made to fit and never larger", () => {
  assert.deepEqual(fittedSize(4_000, 3_000), { width: 1_600, height: 1_200 });
  assert.deepEqual(fittedSize(3_000, 4_000), { width: 1_200, height: 1_600 });
  assert.deepEqual(fittedSize(640, 480), { width: 640, height: 480 });
  assert.deepEqual(fittedSize(100_000, 1), { width: 1_600, height: 1 });
});
