import assert from "node:assert/strict";
import { test } from "node:test";
import { cutOf, type Look, LOOKS } from "./looks";

const WHOLE: Look = { part: "whole", isSharpened: false };
const MIDDLE: Look = { part: "middle", isSharpened: false };

test("the whole picture is made small by its shorter side, however the phone is held", () => {
  assert.deepEqual(cutOf(WHOLE, { width: 1280, height: 720 }), { left: 0, top: 0, width: 1280, height: 720, resizeWidth: 853, resizeHeight: 480 });
  assert.deepEqual(cutOf(WHOLE, { width: 720, height: 1280 }), { left: 0, top: 0, width: 720, height: 1280, resizeWidth: 480, resizeHeight: 853 });
});

test("a small picture is not made larger", () => {
  assert.deepEqual(cutOf(WHOLE, { width: 320, height: 240 }), { left: 0, top: 0, width: 320, height: 240, resizeWidth: 320, resizeHeight: 240 });
  assert.deepEqual(cutOf(MIDDLE, { width: 320, height: 240 }), { left: 40, top: 0, width: 240, height: 240, resizeWidth: 240, resizeHeight: 240 });
});

test("the middle keeps every pixel of the camera", () => {
  assert.deepEqual(cutOf(MIDDLE, { width: 1920, height: 1080 }), { left: 600, top: 180, width: 720, height: 720, resizeWidth: 720, resizeHeight: 720 });
  assert.deepEqual(cutOf(MIDDLE, { width: 720, height: 1280 }), { left: 0, top: 280, width: 720, height: 720, resizeWidth: 720, resizeHeight: 720 });
});

test("the quick look comes first, and every kind has its turn", () => {
  assert.deepEqual(LOOKS[0], WHOLE);
  assert.ok(LOOKS.some((look) => look.part === "middle" && !look.isSharpened));
  assert.ok(LOOKS.some((look) => look.isSharpened));
});
