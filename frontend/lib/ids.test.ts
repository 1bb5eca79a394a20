import assert from "node:assert/strict";
import { test } from "node:test";
import { uuidv7 } from "./ids";

test("an id carries its time, version 7 and variant 2", () => {
  // Source: the example of RFC 9562, appendix A.6.
  const random = (bytes: Uint8Array<ArrayBuffer>) => {
    bytes.set([0, 0, 0, 0, 0, 0, 0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    return bytes;
  };

  assert.equal(uuidv7(0x017f22e279b0, random), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
});

test("later ids sort behind earlier ones", () => {
  const ids = [1, 2, 2 ** 40, 2 ** 40 + 1].map((now) => uuidv7(now));

  assert.deepEqual([...ids].sort(), ids);
});

test("two ids of one moment differ", () => {
  assert.notEqual(uuidv7(5), uuidv7(5));
});
