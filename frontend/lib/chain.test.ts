import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { sha256Hex } from "./bytes";
import { type Chain, NoDeviceKey, createChain, readHead } from "./chain";
import type { Database } from "./database";
import { NO_ENVELOPE, type Said, openEnvelope } from "./envelope";
import { fakeClock } from "./fakes";
import { type Lock, createLock } from "./lock";
import { type Keeping, allEntries } from "./outbox-records";
import { readable } from "./sealing";
import { exportPublicKey, generateKeys } from "./signing";
import { dropDatabases, testDatabase } from "./test-database";
import { CodeRefused } from "./tokens";

const KID = 0xd001;
const ANCHOR = "0102030405060708";
const SAID: Said = {
  type: "handoff.picked_up", parcels: { de11000000000001: 2 }, evidence: [{ kind: "assertion" }],
  actor: { id: `per_${"a".repeat(26)}`, auth: "offline" }, assignment_epoch: 1,
};

/** A tab of a device; its envelopes are noted in `signed` when they are made, kept or not. */
async function tab(pair: CryptoKeyPair, lock: Lock = createLock("chain", undefined)) {
  const db = await testDatabase("mallrun-driver");
  const signed: string[] = [];
  const key = async () => ({ kid: KID, privateKey: pair.privateKey });
  const chain = createChain({ db, lock, clock: fakeClock(), key, anchor: () => ANCHOR });
  const say = (eventId: string, change: (keeping: Keeping) => Keeping = (keeping) => keeping): Promise<void> =>
    chain.append({ said: SAID, personal: { pin: "482913" }, eventId, occurredAt: 1_767_225_600_123.4 }, async ({ envelope }) => {
      signed.push(envelope);
      return change(keeping(eventId, envelope));
    });
  return { db, chain, say, signed };
}

function keeping(eventId: string, envelope: string): Keeping {
  const entry = {
    command_id: eventId, user_id: "per_dina", path: "/stops/stp_1/collect", content: readable(new TextEncoder().encode(JSON.stringify({ envelope }))),
    statement_size: envelope.length, photo_key: null, answers: {}, occurred_at: "2026-11-22T18:00:00.000Z", refusal: null,
  };
  return { entry, photo: null, alongside: [] };
}

async function keptEnvelopes(db: Database): Promise<string[]> {
  const entries = await allEntries(db);
  return entries.map(({ content }) => (JSON.parse(new TextDecoder().decode(content.bytes)) as { envelope: string }).envelope);
}

afterEach(dropDatabases);

test("statements are numbered and name the one before", async () => {
  const pair = await generateKeys();
  const { db, say } = await tab(pair);
  await say("one");
  await say("two");

  const [first, second] = await keptEnvelopes(db);
  const key = await exportPublicKey(pair.publicKey);
  const [one, two] = [await openEnvelope(first!, key), await openEnvelope(second!, key)];
  assert.deepEqual([one.seq, one.prev, two.seq, two.prev], [1, NO_ENVELOPE, 2, await sha256Hex(first!)]);
  assert.deepEqual(await readHead(db, KID), { seq: 2, prev: await sha256Hex(second!) });
  assert.deepEqual([one.device, one.anchor, one.occurred_at, one.deliveries], [KID, ANCHOR, 1_767_225_600_123, ["de11000000000001"]]);
  assert.deepEqual(Object.keys(one.commitments!), ["pin"]);
});

test("two tabs that sign at the same time use no number twice", async () => {
  const pair = await generateKeys();
  const shared = createLock("chain", undefined);
  const [one, other] = [await tab(pair, shared), await tab(pair, shared)];

  await Promise.all(["a", "b", "c"].flatMap((id) => [one.say(`one-${id}`), other.say(`other-${id}`)]));

  await assertUnbroken(one.db, pair, 6);
});

test("without a lock over tabs the late one signs again", async () => {
  const pair = await generateKeys();
  const [one, other] = [await tab(pair), await tab(pair)];

  await Promise.all([one.say("one-a"), other.say("other-a"), one.say("one-b"), other.say("other-b")]);

  await assertUnbroken(one.db, pair, 4);
  assert.ok(one.signed.length + other.signed.length > 4, "the tabs never met");
});

test("a tab that dies between signing and keeping uses up no number", async () => {
  const pair = await generateKeys();
  const { db, chain, say, signed } = await tab(pair);
  await say("one");
  const died = chain.append({ said: SAID, personal: {}, eventId: "lost", occurredAt: 0 }, () => Promise.reject(new Error("killed")));
  await assert.rejects(died, /killed/);

  await say("two");

  assert.equal(signed.length, 2);
  await assertUnbroken(db, pair, 2);
});

const FAULTS: [what: string, fail: (keeping: Keeping) => Keeping, error: new (...given: never[]) => Error][] = [
  ["a full device", (keeping) => ({ ...keeping, photo: { iv: null, bytes: (() => undefined) as never, type: "" } }), DOMException],
  ["a code that was used", (keeping) => ({ ...keeping, alongside: [{ store: "state", key: "used_nonces", value: refuseCode }] }), CodeRefused],
];
function refuseCode(): never {
  throw new CodeRefused("already_used");
}
for (const [what, fail, error] of FAULTS) {
  test(`${what} leaves nothing half-written`, async () => {
    const pair = await generateKeys();
    const { db, say } = await tab(pair);
    await say("one");
    const head = await readHead(db, KID);

    await assert.rejects(say("two", fail), error);

    assert.deepEqual(await readHead(db, KID), head);
    assert.equal((await allEntries(db)).length, 1);
    await say("three");
    await assertUnbroken(db, pair, 2);
  });
}

test("without a key nothing is signed", async () => {
  const db = await testDatabase("mallrun-driver");
  const chain: Chain = createChain({ db, lock: createLock("chain", undefined), clock: fakeClock(), key: async () => null, anchor: () => ANCHOR });

  await assert.rejects(chain.append({ said: SAID, personal: {}, eventId: "one", occurredAt: 0 }, async () => keeping("one", "")), NoDeviceKey);
});

async function assertUnbroken(db: Database, pair: CryptoKeyPair, count: number): Promise<void> {
  const key = await exportPublicKey(pair.publicKey);
  let before = NO_ENVELOPE;
  const envelopes = await keptEnvelopes(db);
  assert.equal(envelopes.length, count);
  for (const [at, envelope] of envelopes.entries()) {
    const { seq, prev } = await openEnvelope(envelope, key);
    assert.deepEqual([seq, prev], [at + 1, before]);
    before = await sha256Hex(envelope);
  }
}
