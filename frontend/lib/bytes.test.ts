import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64Url, fromHex, sha256Hex, toBase64Url, toHex } from "./bytes";

test("hex and base64url give the bytes back, whatever their number", () => {
  for (const length of [0, 1, 2, 3, 64, 70_000]) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 7 + 250) % 256);
    assert.deepEqual(fromHex(toHex(bytes)), bytes);
    assert.deepEqual(fromBase64Url(toBase64Url(bytes)), bytes);
  }
  assert.equal(toBase64Url(Uint8Array.of(0xfb, 0xff)), "-_8");
});

test("other spellings are no base64url and no hex", () => {
  for (const text of ["-_9", "-_8=", "+/8", "a", "ab c", "ä"]) assert.throws(() => fromBase64Url(text), RangeError, text);
  for (const text of ["a", "AB", "0x", "zz"]) assert.throws(() => fromHex(text), RangeError, text);
});

test("a text is hashed as UTF-8", async () => {
  assert.equal(await sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(await sha256Hex("ñ"), await sha256Hex(Uint8Array.of(0xc3, 0xb1)));
});
