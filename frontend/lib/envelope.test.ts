import assert from "node:assert/strict";
import { test } from "node:test";
import vectors from "../../tests/vectors/statements.json";
import { fromHex, sha256Hex } from "./bytes";
import { ENVELOPE_TYPE, type Statement, commitTo, commitment, openEnvelope, signEnvelope } from "./envelope";
import { writeJws } from "./jws";
import { exportPublicKey, generateKeys } from "./signing";

const fixed = vectors.envelope;
const statement = fixed.statement as unknown as Statement;
const header = { alg: "ES256", kid: "0000d001", typ: ENVELOPE_TYPE };
const [, payload = "", signature = ""] = fixed.text.split(".");
const base64Url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

test("an envelope of the server's making says here what it says there", async () => {
  assert.deepEqual(await openEnvelope(fixed.text, vectors.keys.phone.public_key), statement);
  assert.equal(await sha256Hex(fixed.text), fixed.sha256);
});

test("an envelope of ours has exactly the agreed header and payload", async () => {
  const { privateKey, publicKey } = await generateKeys();
  const text = await signEnvelope(statement, privateKey);

  const [first, second] = text.split(".");
  assert.equal(Buffer.from(first!, "base64url").toString(), '{"alg":"ES256","kid":"0000d001","typ":"mp-event+jws"}');
  assert.deepEqual(JSON.parse(Buffer.from(second!, "base64url").toString()), statement);
  assert.deepEqual(await openEnvelope(text, await exportPublicKey(publicKey)), statement);
});

const wrongHeaders: [what: string, header: object][] = [
  ["no algorithm", { ...header, alg: "none" }],
  ["a secret's algorithm", { ...header, alg: "HS256" }],
  ["another type", { ...header, typ: "mp-roster+jws" }],
  ["no type", { alg: "ES256", kid: "0000d001" }],
  ["another device", { ...header, kid: "0000d002" }],
  ["a path for a key", { ...header, kid: "../keys/1" }],
  ["capitals in the key", { ...header, kid: "0000D001" }],
  ["a number for a key", { ...header, kid: 0xd001 }],
  ["a critical extension", { ...header, crit: ["b64"] }],
  ["a key of its own", { ...header, jwk: {} }],
];
for (const [what, wrong] of wrongHeaders) {
  test(`a header with ${what} is refused`, async () => {
    const text = `${base64Url(wrong)}.${payload}.${signature}`;
    await assert.rejects(openEnvelope(text, vectors.keys.phone.public_key), RangeError);
  });
}

test("a header that was signed wrong is refused as well", async () => {
  const { privateKey, publicKey } = await generateKeys();
  const key = await exportPublicKey(publicKey);
  await assert.rejects(openEnvelope(await writeJws("mp-roster+jws", 0xd001, statement, privateKey), key), RangeError);
  await assert.rejects(openEnvelope(await writeJws(ENVELOPE_TYPE, 0xd002, statement, privateKey), key), RangeError);
  await assert.rejects(openEnvelope(await writeJws(ENVELOPE_TYPE, 0xd001, { ...statement, v: 2 }, privateKey), key), RangeError);
});

test("no change to an envelope goes unnoticed", async () => {
  const key = vectors.keys.phone.public_key;
  const changed = [
    `${base64Url(header)}.${base64Url({ ...statement, seq: 4 })}.${signature}`,
    fixed.text.slice(0, -1),
    `${fixed.text}A`,
    `${fixed.text}.`,
    fixed.text.replace(".", ".."),
    `${base64Url(header)}.${payload}.${Buffer.alloc(64).toString("base64url")}`,
    `${base64Url(header)}.${base64Url([statement])}.${signature}`,
    `${base64Url(header)}.${Buffer.from('{"v":').toString("base64url")}.${signature}`,
  ];
  for (const text of changed) await assert.rejects(openEnvelope(text, key), RangeError, text);
  await assert.rejects(openEnvelope(fixed.text, vectors.keys.desk.public_key), RangeError);
});

test("a commitment is the hash of salt and value", async () => {
  const { salt, values, sha256 } = vectors.commitments;
  assert.equal(await commitment(fromHex(salt), values.geo), sha256.geo);
  assert.equal(await commitment(fromHex(salt), values.note), sha256.note);
});

test("personal values travel beside the envelope, each with a salt of its own", async () => {
  const { commitments, beside } = await commitTo({ pin: "482913", note: "482913" });

  assert.notEqual(commitments.pin, commitments.note);
  assert.equal(beside.pin!.value, "482913");
  assert.equal(await commitment(fromHex(beside.pin!.salt), "482913"), commitments.pin);
  assert.deepEqual(await commitTo({}), { commitments: {}, beside: {} });
});
