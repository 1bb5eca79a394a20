import assert from "node:assert/strict";
import { test } from "node:test";
import { dueText } from "./due";

test("a time to be there is said until it is over", () => {
  const due = "2026-11-22T18:00:00Z";

  assert.equal(dueText(due, Date.parse("2026-11-22T17:59:59Z"), "America/Phoenix"), "11:00 am");
  assert.equal(dueText(due, Date.parse(due), "America/Phoenix"), "As soon as you can");
});
