import assert from "node:assert/strict";
import { test } from "node:test";
import vectors from "../../tests/vectors/proof.json";
import { toHex } from "../lib/bytes";
import { exportPublicKey, generateKeys, sign } from "../lib/signing";
import { encode, type Presence, signedBytes, ticketSetOf } from "../lib/tokens";
import { EMPTY_HEAD, leafHash, nextHead } from "./tree";
import { verifyProof } from "./verify";

const PHONE = 0xab12;
const KID = "0000ab12";
const HANDLE = "00112233aabbccdd";
const phone = await generateKeys();
const stranger = await generateKeys();

async function presence(change: Partial<Presence> = {}, key = phone.privateKey): Promise<string> {
  const token: Presence = { kind: "presence", kid: PHONE, iat: 1_800_000_000, anchor: "00".repeat(8), nonce: "00112233445566ff", store: 7, ticketSet: await ticketSetOf([]), ...change };
  return encode(token, await sign(key, signedBytes(token)));
}

/** The proof of one parcel that a carrier has brought, before its first checkpoint. */
async function proofOf(facts: object, devices: object[] | null = null): Promise<string> {
  const record = JSON.stringify({ delivery: HANDLE, facts, seq: 0, type: "handoff.taken_in" });
  const leaf = await leafHash(record);
  const event = { record, leaf: toHex(leaf), head: toHex(await nextHead(EMPTY_HEAD, leaf)), position: null, path: null, envelope: null };
  const known = devices ?? [{ kid: KID, public_key: await exportPublicKey(phone.publicKey) }];
  return JSON.stringify({ ...JSON.parse(vectors.proof) as object, delivery: HANDLE, devices: known, checkpoint: null, earlier: null, events: [event] });
}

test("the code of a carrier's phone is checked with its key", async () => {
  const verdict = await verifyProof(await proofOf({ presence: await presence(), phone_kid: PHONE }), null);

  assert.ok(verdict.holds, JSON.stringify(verdict));
  assert.equal(verdict.signed, 1);
});

test("a carrier who shows no phone has signed nothing", async () => {
  const verdict = await verifyProof(await proofOf({ evidence: "label" }, []), null);

  assert.ok(verdict.holds, JSON.stringify(verdict));
  assert.equal(verdict.signed, 0);
});

test("what that phone did not sign is found", async () => {
  const wrong: object[] = [
    { presence: await presence({}, stranger.privateKey), phone_kid: PHONE },
    { presence: await presence({ kid: PHONE + 1 }), phone_kid: PHONE },
    { presence: await presence(), phone_kid: PHONE + 1 },
    // It came to take parcels away.
    { presence: await presence({ ticketSet: await ticketSetOf([HANDLE]) }), phone_kid: PHONE },
    { presence: encode({ kind: "label", handle: HANDLE, n: 1, of: 1 }, new Uint8Array(12)), phone_kid: PHONE },
    { presence: "MP1:", phone_kid: PHONE },
    { presence: null, phone_kid: PHONE },
  ];
  for (const facts of wrong) {
    const verdict = await verifyProof(await proofOf(facts), null);
    assert.deepEqual([verdict.holds, !verdict.holds && verdict.fault], [false, "statement_changed"], JSON.stringify(facts));
  }
  const without = await verifyProof(await proofOf({ presence: await presence(), phone_kid: PHONE }, []), null);
  assert.equal(without.holds, false);
});
