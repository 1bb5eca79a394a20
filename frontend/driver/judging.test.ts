import assert from "node:assert/strict";
import { before, test } from "node:test";
import { writeJws } from "../lib/jws";
import { ROSTER_TYPE } from "../lib/roster";
import { exportPublicKey, generateKeys, sign } from "../lib/signing";
import { type CustomerCode, type Label, type Release, encode, signedBytes } from "../lib/tokens";
import type { PickupStop } from "./api";
import { type CounterFacts, isLabel, judgeCustomerCode, judgeLabel, judgeRelease } from "./judging";
import { HANDLES, dropoff, pickup, pickupDelivery, runOf } from "./samples";
import { markOf } from "./steps";

const NOW_S = 1_800_000_000;
const ZEROS = "0".repeat(16);
const keys: Record<"here" | "next" | "server", { pair: CryptoKeyPair; hex: string }> = {} as never;

before(async () => {
  for (const name of ["here", "next", "server"] as const) {
    const pair = await generateKeys();
    keys[name] = { pair, hex: await exportPublicKey(pair.publicKey) };
  }
});

async function signed(token: Release | CustomerCode, by: "here" | "next" | "server"): Promise<string> {
  return encode(token, await sign(keys[by].pair.privateKey, signedBytes(token)));
}

const release = (more: Partial<Release> = {}): Release => ({
  kind: "release", kid: 11, iat: NOW_S, anchor: ZEROS, nonce: ZEROS, clerk: 1, driverKid: 7,
  deliveries: [{ handle: HANDLES.maria, parcels: 1 }], ...more,
});
const customer = (more: Partial<CustomerCode> = {}): CustomerCode => ({
  kind: "customer", kid: 1, iat: NOW_S, anchor: ZEROS, nonce: ZEROS, handle: HANDLES.maria, exp: NOW_S + 60, flags: 0, ...more,
});

function atCounter(change: (stop: PickupStop) => void = () => undefined): CounterFacts {
  const stop = pickup("stp_1", 1, [pickupDelivery(HANDLES.maria)], [{ kid: 11, public_key: keys.here.hex }]);
  const next = pickup("stp_2", 2, [pickupDelivery(HANDLES.ann)], [{ kid: 12, public_key: keys.next.hex }]);
  change(stop);
  return { stop, run: runOf([stop, next]), mark: markOf("stp_1", []), myKid: 7, nowS: NOW_S, usedNonces: new Set(), serverKeys: [{ kid: 1, public_key: keys.server.hex }] };
}

async function refusalOf(text: string, facts: CounterFacts): Promise<string | null> {
  const judged = await judgeRelease(text, facts);
  return "problem" in judged ? judged.problem.code : null;
}

test("a good code names what was released", async () => {
  const judged = await judgeRelease(await signed(release(), "here"), atCounter());

  assert.ok("token" in judged && judged.token.deliveries.length === 1);
});

const WRONG: [code: string, token: () => Release | CustomerCode, by: "here" | "next"][] = [
  ["not_addressee", () => release({ driverKid: 8 }), "here"],
  ["other_store", () => release({ kid: 12 }), "next"],
  ["unknown_desk", () => release({ kid: 13 }), "here"],
  ["bad_signature", () => release(), "next"],
  ["stale_code", () => release({ iat: NOW_S - 61 }), "here"],
  ["code_from_future", () => release({ iat: NOW_S + 31 }), "here"],
  ["other_delivery", () => release({ deliveries: [{ handle: HANDLES.ann, parcels: 1 }] }), "here"],
  ["parcel_count_differs", () => release({ deliveries: [{ handle: HANDLES.maria, parcels: 2 }] }), "here"],
  ["wrong_code_kind", () => customer(), "here"],
];
for (const [code, token, by] of WRONG) {
  test(`a wrong code is refused with ${code}`, async () => assert.equal(await refusalOf(await signed(token(), by), atCounter()), code));
}

test("texts that are none of ours are told apart", async () => {
  const good = await signed(release(), "here");

  assert.equal(await refusalOf("https://example.org", atCounter()), "code_not_ours");
  assert.equal(await refusalOf(good.slice(0, -3), atCounter()), "code_damaged");
  assert.equal(await refusalOf(good + "0".repeat(9_000), atCounter()), "code_too_long");
});

test("words name the store and the counts", async () => {
  const judged = await judgeRelease(await signed(release({ kid: 12 }), "next"), atCounter());
  const counted = await judgeRelease(await signed(release({ deliveries: [{ handle: HANDLES.maria, parcels: 2 }] }), "here"), atCounter());

  assert.ok("problem" in judged && judged.problem.next_step.includes("Store 1"));
  assert.ok("problem" in counted && /2 parcels.*1/.test(counted.problem.detail));
});

test("a code counts once, and not for what is cancelled or collected", async () => {
  const text = await signed(release(), "here");
  const used = { ...atCounter(), usedNonces: new Set([ZEROS]) };

  assert.equal(await refusalOf(text, used), "already_used");
  assert.equal(await refusalOf(text, atCounter((stop) => (stop.deliveries[0]!.status = "cancelled"))), "delivery_cancelled");
  assert.equal(await refusalOf(text, atCounter((stop) => (stop.deliveries[0]!.verification = "E2"))), "already_used");
});

test("a desk counts on the server's signed word, while it holds and for its own store", async () => {
  const text = await signed(release(), "here");
  const entryOf = (more: object, by: "server" | "next" = "server"): Promise<string> => {
    const entry = { kid: 11, role: "desk", public_key: keys.here.hex, store: 1, name: "Main", iat: NOW_S - 60, exp: NOW_S + 60, ...more };
    return writeJws(ROSTER_TYPE, 1, entry, keys[by].pair.privateKey);
  };
  const judgeWith = (entry: string): Promise<string | null> =>
    refusalOf(text, atCounter((stop) => (stop.store.desks = [{ kid: 11, public_key: keys.next.hex, entry }])));

  assert.equal(await judgeWith(await entryOf({})), null);
  assert.equal(await judgeWith(await entryOf({ exp: NOW_S })), "desk_entry_expired");
  assert.equal(await judgeWith(await entryOf({ exp: NOW_S }, "next")), "unknown_desk");
  for (const more of [{ store: 2 }, { role: "phone" }, { kid: 12 }]) assert.equal(await judgeWith(await entryOf(more)), "unknown_desk");
  assert.equal(await judgeWith(await entryOf({}, "next")), "unknown_desk");
});

test("labels are counted for the parcels of this counter only", () => {
  const stop = pickup("stp_1", 1, [pickupDelivery(HANDLES.maria, 2)]);
  const labelOf = (more: Partial<Label>): string => encode({ kind: "label", handle: HANDLES.maria, n: 1, of: 2, ...more }, new Uint8Array(12));
  const read = (more: Partial<Label>) => {
    const judged = judgeLabel(labelOf(more), stop);
    return "problem" in judged ? judged.problem.code : judged.token.n;
  };

  assert.ok(isLabel(labelOf({})) && !isLabel("https://example.org"));
  assert.deepEqual([read({}), read({ n: 2 }), read({ n: 3 }), read({ of: 3 }), read({ handle: HANDLES.ann })], [1, 2, "code_damaged", "code_damaged", "other_delivery"]);
});

test("a customer's code must be signed by the server, for this delivery, and still run", async () => {
  const { delivery } = dropoff("stp_3", 3);
  const serverKeys = [{ kid: 1, public_key: keys.server.hex }];
  const judge = async (text: string) => {
    const judged = await judgeCustomerCode(text, delivery, serverKeys, NOW_S);
    return "problem" in judged ? judged.problem.code : null;
  };

  assert.equal(await judge(await signed(customer(), "server")), null);
  assert.equal(await judge(await signed(customer(), "here")), "bad_signature");
  assert.equal(await judge(await signed(customer({ handle: HANDLES.ann }), "server")), "other_delivery");
  assert.equal(await judge(await signed(customer({ exp: NOW_S - 1 }), "server")), "customer_code_expired");
  assert.equal(await judge(await signed(customer({ kid: 2 }), "server")), "customer_code_expired");
  assert.equal(await judge(await signed(release(), "here")), "wrong_code_kind");
});
