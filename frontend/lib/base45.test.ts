import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBase45, encodeBase45 } from "./base45";

const bytesOf = (text: string) => new TextEncoder().encode(text);

// The examples of RFC 9285, section 4.3, and the largest groups.
const EXAMPLES: [Uint8Array, string][] = [
  [bytesOf(""), ""],
  [bytesOf("AB"), "BB8"],
  [bytesOf("Hello!!"), "%69 VD92EX0"],
  [bytesOf("base-45"), "UJCLQE7W581"],
  [bytesOf("ietf!"), "QED8WEX0"],
  [new Uint8Array([255, 255]), "FGW"],
  [new Uint8Array([255]), "U5"],
];

test("examples hold both ways", () => {
  for (const [bytes, text] of EXAMPLES) {
    assert.equal(encodeBase45(bytes), text);
    assert.deepEqual([...decodeBase45(text)], [...bytes]);
  }
});

test("bytes of every length survive the round trip", () => {
  for (let length = 0; length < 100; length++) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    assert.deepEqual(decodeBase45(encodeBase45(bytes)), bytes);
  }
});

test("each defect of a text is refused", () => {
  for (const text of ["BB8B", "bb8", "BB_", "BB\u0668", ":::", "GGW", "::", "V5"]) {
    assert.throws(() => decodeBase45(text), RangeError, text);
  }
});
