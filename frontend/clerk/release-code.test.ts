import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSignature, exportPublicKey, generateKeys } from "../lib/signing";
import { parse, refuseRelease, type Release, shortCode, verifyScanned } from "../lib/tokens";
import { freshNonce, inCodes, releaseOf, secondsLeft, signRelease } from "./release-code";

const NOW = Date.UTC(2026, 10, 22, 18, 4, 5, 900);
const FACTS = { deskKid: 4242, clerkNumber: 4, driverKid: 77, now: NOW, anchor: "0123456789abcdef" };
const delivery = (at: number) => ({ handle: at.toString(16).padStart(16, "0"), parcel_count: 1 + (at % 20) });
const deliveries = (count: number) => Array.from({ length: count }, (_, at) => delivery(at));

test("a release names desk, clerk, driver, deliveries with parcels and the second it was made", () => {
  const release = releaseOf([delivery(3)], FACTS, "00112233445566ff");

  assert.deepEqual(release, {
    kind: "release", kid: 4242, iat: Math.floor(NOW / 1_000), anchor: "0123456789abcdef", nonce: "00112233445566ff",
    clerk: 4, driverKid: 77, deliveries: [{ handle: "0000000000000003", parcels: 4 }],
  });
});

test("a signed release is what the driver's phone believes", async () => {
  const keys = await generateKeys();
  const publicKey = await exportPublicKey(keys.publicKey);
  const given = deliveries(20);

  const { token, shortCode: letters } = await signRelease(releaseOf(given, FACTS, freshNonce()), keys.privateKey);

  const scanned = parse(token);
  await verifyScanned(scanned, (kid) => ({ kid, role: "desk", publicKey }), checkSignature, "desk");
  const mine = {
    myKid: 77, myDeliveries: new Map(given.map((each) => [each.handle, each.parcel_count])),
    storeDeskKids: new Set([4242]), nowS: NOW / 1_000 + 15, usedNonces: new Set<string>(),
  };
  assert.equal(refuseRelease(scanned.token as Release, mine), null);
  assert.equal(letters, await shortCode(token));
});

test("more than twenty deliveries are spread over codes, each delivery once and in order", () => {
  for (const [count, sizes] of [[1, [1]], [20, [20]], [21, [20, 1]], [45, [20, 20, 5]], [0, []]] as const) {
    const codes = inCodes(deliveries(count));

    assert.deepEqual(codes.map((code) => code.length), sizes);
    assert.deepEqual(codes.flat(), deliveries(count));
  }
});

test("nonces are 16 hex digits and never the same", () => {
  const nonces = new Set(Array.from({ length: 1_000 }, freshNonce));

  assert.equal(nonces.size, 1_000);
  assert.ok([...nonces].every((nonce) => /^[0-9a-f]{16}$/.test(nonce)));
});

test("the ring counts fifteen seconds down, whatever the clock does", () => {
  assert.deepEqual([0, 1, 999, 1_000, 14_001, 15_000, 99_000].map((ms) => secondsLeft(5_000, 5_000 + ms)), [15, 15, 15, 14, 1, 0, 0]);
  assert.equal(secondsLeft(5_000, 1_000), 15);
});
