import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { fakeClock } from "../lib/fakes";
import { checkSignature, exportPublicKey, generateKeys } from "../lib/signing";
import { dropDatabases, testDatabase } from "../lib/test-database";
import { type Presence, encode, parse, ticketSetOf, verifyScanned } from "../lib/tokens";
import { createPresenceCodes, ticketsFor } from "./presence";
import { HANDLES, pickup, pickupDelivery, runOf } from "./samples";

const NOW_S = 1_800_000_000;
const ANCHOR = "0102030405060708";
const COUNTER = pickup("stp_1", 81, [pickupDelivery(HANDLES.maria)]);

async function phone(hasKey = true) {
  const db = await testDatabase("mallrun-driver");
  const pair = await generateKeys();
  const clock = fakeClock();
  const key = async () => (hasKey ? { kid: 7, privateKey: pair.privateKey } : null);
  return { db, clock, publicKey: await exportPublicKey(pair.publicKey), codes: createPresenceCodes({ db, clock, key, anchor: () => ANCHOR }) };
}

afterEach(dropDatabases);

test("a presence names phone, store and parcels, and is signed", async () => {
  const { codes, clock, publicKey } = await phone();

  const scanned = parse((await codes.draw(COUNTER, COUNTER.deliveries))!);

  const token = scanned.token as Presence;
  assert.deepEqual([token.kind, token.kid, token.store, token.anchor, token.iat], ["presence", 7, 81, ANCHOR, clock.now() / 1_000]);
  assert.equal(token.ticketSet, await ticketSetOf([HANDLES.maria]));
  await verifyScanned(scanned, () => ({ kid: 7, role: "phone", publicKey }), checkSignature, "phone");
});

test("every code has a nonce of its own, remembered over a restart and by stop", async () => {
  const { codes, db } = await phone();
  const nonces = [];
  for (let round = 0; round < 3; round += 1) nonces.push((parse((await codes.draw(COUNTER, COUNTER.deliveries))!).token as Presence).nonce);

  const again = createPresenceCodes({ db, clock: fakeClock(), key: async () => null, anchor: () => ANCHOR });
  assert.equal(new Set(nonces).size, 3);
  assert.deepEqual(await again.shown("stp_1"), nonces);
  assert.deepEqual(await again.shown("stp_2"), []);
});

test("who brings parcels names none", async () => {
  const { codes } = await phone();

  const token = parse((await codes.draw({ id: "bring", store: { number: 7 } }, []))!).token as Presence;

  assert.deepEqual([token.store, token.ticketSet], [7, "e3b0c442"]);
});

test("without a key there is nothing to show", async () => {
  assert.equal(await (await phone(false)).codes.draw(COUNTER, COUNTER.deliveries), null);
});

test("only the tickets for this counter are shown", () => {
  const tickets = [{ handle: HANDLES.ann, text: "MP1:A" }, { handle: HANDLES.maria, text: "MP1:M" }];
  const shown = (waiting: typeof COUNTER.deliveries, more: object) => ticketsFor(waiting, { ...runOf([COUNTER]), ...more }, NOW_S).texts;
  assert.deepEqual(shown(COUNTER.deliveries, { tickets }), ["MP1:M"]);
  assert.deepEqual(shown([], { tickets }), []);
  assert.deepEqual(shown(COUNTER.deliveries, {}), []);
});

test("a ticket that has run out is not shown, and the driver is told", () => {
  const facts = { kid: 1, iat: NOW_S - 90_000, anchor: ANCHOR, nonce: "0011223344556677", driverKid: 7, store: 81, epoch: 1, parcels: 1 };
  const text = encode({ kind: "ticket", handle: HANDLES.maria, exp: NOW_S, ...facts }, new Uint8Array(64));
  const run = { ...runOf([COUNTER]), tickets: [{ handle: HANDLES.maria, text }] };

  assert.deepEqual(ticketsFor(COUNTER.deliveries, run, NOW_S), { texts: [text], areOver: false });
  assert.deepEqual(ticketsFor(COUNTER.deliveries, run, NOW_S + 1), { texts: [], areOver: true });
});
