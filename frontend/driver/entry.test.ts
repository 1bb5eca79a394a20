import assert from "node:assert/strict";
import { test } from "node:test";
import { pinOf, shortCodeOf } from "./entry";

test("a PIN is six digits, however it is written", () => {
  assert.equal(pinOf("482 913"), "482913");
  assert.equal(pinOf("4-8a2９13 00"), "482913");
  assert.equal(pinOf("\0abc"), "");
});

test("a short code forgives what people mix up", () => {
  assert.equal(shortCodeOf("k7qx-2m"), "K7QX2M");
  assert.equal(shortCodeOf("oIl 000"), "011000");
  assert.equal(shortCodeOf("u".repeat(10_000)), "");
});
