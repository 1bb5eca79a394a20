import assert from "node:assert/strict";
import { test } from "node:test";
import mp1 from "../../tests/vectors/mp1.json";
import { checkSignature, exportPublicKey, generateKeys, importPublicKey, sign, signText, verify } from "./signing";

const MESSAGE = new TextEncoder().encode("two parcels");

test("a signature holds under the key that made it and no other", async () => {
  const [mine, other] = await Promise.all([generateKeys(), generateKeys()]);
  const signature = await sign(mine.privateKey, MESSAGE);
  assert.equal(signature.length, 64);
  assert.equal(await verify(mine.publicKey, signature, MESSAGE), true);
  assert.equal(await verify(other.publicKey, signature, MESSAGE), false);
  assert.equal(await verify(mine.publicKey, signature, MESSAGE.slice(1)), false);
});

test("the private key cannot be read", async () => {
  const { privateKey } = await generateKeys();
  assert.equal(privateKey.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("jwk", privateKey));
  await assert.rejects(crypto.subtle.exportKey("pkcs8", privateKey));
});

test("a public key survives the way to the server and back", async () => {
  const { privateKey, publicKey } = await generateKeys();
  const hex = await exportPublicKey(publicKey);
  assert.match(hex, /^04[0-9a-f]{128}$/);
  assert.equal(await exportPublicKey(await importPublicKey(hex)), hex);
  assert.equal(await checkSignature(hex, await sign(privateKey, MESSAGE), MESSAGE), true);
});

test("what is no point on the curve is no key", async () => {
  const point = mp1.keys["server kid=0x000000A1"].pub_uncompressed;
  const wrong = ["", "04", point.slice(2), point.toUpperCase(), `02${point.slice(2, 66)}`, `${point.slice(0, -1)}0`];
  for (const hex of wrong) {
    await assert.rejects(importPublicKey(hex), RangeError, hex);
    assert.equal(await checkSignature(hex, new Uint8Array(64), MESSAGE), false, hex);
  }
});

test("signatures of another length or of zeros do not hold", async () => {
  const hex = await exportPublicKey((await generateKeys()).publicKey);
  for (const length of [0, 63, 64, 65]) {
    assert.equal(await checkSignature(hex, new Uint8Array(length), MESSAGE), false, String(length));
  }
});

test("a signed text is base64url without padding", async () => {
  const { privateKey, publicKey } = await generateKeys();
  const text = await signText(privateKey, "Prüfung");
  assert.match(text, /^[A-Za-z0-9_-]{86}$/);
  const signature = new Uint8Array(Buffer.from(text, "base64url"));
  assert.equal(await verify(publicKey, signature, new TextEncoder().encode("Prüfung")), true);
});
