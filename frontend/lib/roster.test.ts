import assert from "node:assert/strict";
import { before, test } from "node:test";
import vectors from "../../tests/vectors/statements.json";
import { writeJws } from "./jws";
import { ROSTER_TYPE, type RosterEntry, trustedEntry } from "./roster";
import { exportPublicKey, generateKeys } from "./signing";

const { entry: fixed, now_s: NOW_S, text } = vectors.roster;
const pinned = [vectors.keys.server];
let server: CryptoKeyPair;
let ours: { kid: number; public_key: string }[] = [];

before(async () => {
  server = await generateKeys();
  ours = [{ kid: 9, public_key: await exportPublicKey(server.publicKey) }];
});

const signed = (more: Partial<Record<keyof RosterEntry, unknown>>): Promise<string> =>
  writeJws(ROSTER_TYPE, 9, { ...fixed, ...more }, server.privateKey);

test("an entry of the server's making is trusted until it runs out", async () => {
  assert.deepEqual(await trustedEntry(text, pinned, NOW_S), fixed);
  assert.deepEqual(await trustedEntry(text, pinned, fixed.exp - 1), fixed);
  assert.equal(await trustedEntry(text, pinned, fixed.exp), null);
  assert.equal(await trustedEntry(text, pinned, fixed.iat - 301), null);
});

test("only a pinned server key makes an entry", async () => {
  assert.equal(await trustedEntry(text, [], NOW_S), null);
  assert.equal(await trustedEntry(text, [{ ...vectors.keys.desk, kid: vectors.keys.server.kid }], NOW_S), null);
  const own = await writeJws(ROSTER_TYPE, 10, fixed, server.privateKey);
  assert.equal(await trustedEntry(own, ours, NOW_S), null);
});

test("an envelope is no entry", async () => {
  const statement = await writeJws("mp-event+jws", 9, fixed, server.privateKey);
  assert.equal(await trustedEntry(statement, ours, NOW_S), null);
  assert.equal(await trustedEntry("", ours, NOW_S), null);
});

test("what the server would not sign is not taken even when it did", async () => {
  assert.ok(await trustedEntry(await signed({}), ours, NOW_S));
  const wrong = [{ exp: fixed.iat + 86_401 }, { exp: "later" }, { role: "server" }, { public_key: "04" }, { kid: "1" }, { store: null }, { name: 1 }];
  for (const more of wrong) assert.equal(await trustedEntry(await signed(more), ours, NOW_S), null, JSON.stringify(more));
});
