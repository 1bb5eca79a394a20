import assert from "node:assert/strict";
import { test } from "node:test";
import mp1 from "../../tests/vectors/mp1.json";
import texts from "../../tests/vectors/mp1_texts.json";
import { encodeBase45 } from "./base45";
import { checkSignature, exportPublicKey, generateKeys, sign } from "./signing";
import {
  CodeRefused,
  type Collecting,
  type DeviceKey,
  type KeyRole,
  type Release,
  type Token,
  encode,
  parse,
  refuseAge,
  refuseRelease,
  shortCode,
  signedBytes,
  ticketSetOf,
  verifyScanned,
} from "./tokens";

const HEADER = { iat: 1767225600, anchor: "0102030405060708", nonce: "a1a2a3a4a5a6a7a8" };
const FIRST = "de11000000000001";
const PHONE = 0xd001;
const DESK = 0x5001;
const SERVER = 0xa1;

const lines = (n: number) =>
  Array.from({ length: n }, (_, at) => ({ handle: `de110000000000${(at + 1).toString(16).padStart(2, "0")}`, parcels: 1 }));
const release = (deliveries: Release["deliveries"]): Release => ({
  kind: "release", kid: DESK, ...HEADER, clerk: 193, driverKid: PHONE, deliveries,
});

const R1 = release([{ handle: FIRST, parcels: 2 }]);
const EXPECTED: Record<keyof typeof mp1.tokens, Token> = {
  P: { kind: "presence", kid: PHONE, ...HEADER, store: 81, ticketSet: "b84818d3" },
  R1,
  R3: release(lines(3)),
  R10: release(lines(10)),
  R20: release(lines(20)),
  T: {
    kind: "ticket", kid: SERVER, ...HEADER, handle: FIRST, driverKid: PHONE, store: 81, epoch: 3,
    exp: 1767312000, parcels: 2,
  },
  C: { kind: "customer", kid: SERVER, ...HEADER, handle: FIRST, exp: 1767312000, flags: 0 },
  L: { kind: "label", handle: FIRST, n: 1, of: 2 },
};
const NAMES = Object.keys(EXPECTED) as (keyof typeof mp1.tokens)[];

const deviceKeys: DeviceKey[] = [
  { kid: PHONE, role: "phone", publicKey: mp1.keys["driver kid=0x0000D001"].pub_uncompressed },
  { kid: DESK, role: "desk", publicKey: mp1.keys["station kid=0x00005001"].pub_uncompressed },
  { kid: SERVER, role: "server", publicKey: mp1.keys["server kid=0x000000A1"].pub_uncompressed },
];
const publicKeyOf = (kid: number) => deviceKeys.find((key) => key.kid === kid);

const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
const toHex = (...parts: Uint8Array[]) => parts.map((part) => Buffer.from(part).toString("hex")).join("");
const textOf = (bytes: Uint8Array) => `MP1:${encodeBase45(bytes)}`;

async function codeOf(refused: () => unknown): Promise<string> {
  try {
    await refused();
  } catch (error) {
    if (error instanceof CodeRefused) return error.code;
    throw error;
  }
  return "taken";
}

const verifyText = async (text: string, role: KeyRole) => verifyScanned(parse(text), publicKeyOf, checkSignature, role);

test("tokens of the vectors are read and written", () => {
  for (const name of NAMES) {
    const { hex, qr } = mp1.tokens[name];
    const scanned = parse(qr);
    assert.deepEqual(scanned.token, EXPECTED[name]);
    assert.equal(toHex(scanned.body, scanned.signature), hex);
    assert.equal(toHex(signedBytes(EXPECTED[name])), `4d503100${toHex(scanned.body)}`);
    assert.equal(encode(EXPECTED[name], scanned.signature), qr);
  }
});

test("tokens of the vectors verify under the role that signs them", async () => {
  const roles = { P: "phone", R1: "desk", R3: "desk", R10: "desk", R20: "desk", T: "server", C: "server" } as const;
  for (const [name, role] of Object.entries(roles)) {
    await verifyText(mp1.tokens[name as keyof typeof roles].qr, role);
  }
});

test("short codes agree with the server's", async () => {
  for (const name of NAMES) assert.equal(await shortCode(mp1.tokens[name].qr), texts.short_codes[name]);
  await assert.rejects(shortCode("MP1:"), CodeRefused);
});

test("a text that is no token is refused", async () => {
  for (const { what, text, code } of texts.refused) assert.equal(await codeOf(() => parse(text)), code, what);
});

test("the negative token of the vectors is refused", async () => {
  const text = textOf(fromHex(mp1.negative["R1 flipped driver kid byte"]));
  assert.equal(await codeOf(() => verifyText(text, "desk")), "bad_signature");
});

test("every single bit flip of a release is refused", async () => {
  const raw = fromHex(mp1.tokens.R1.hex);
  const codes = new Set<string>();
  for (let bit = 0; bit < 8 * raw.length; bit++) {
    const flipped = raw.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    codes.add(await codeOf(() => verifyText(textOf(flipped), "desk")));
  }
  assert.deepEqual([...codes].sort(), ["bad_signature", "code_damaged", "unknown_desk", "wrong_role"]);
});

test("a release cut short anywhere is refused", async () => {
  const raw = fromHex(mp1.tokens.R3.hex);
  for (let size = 0; size < raw.length; size++) {
    assert.equal(await codeOf(() => parse(textOf(raw.subarray(0, size)))), "code_damaged", String(size));
  }
});

test("the key decides before the signature is looked at", async () => {
  const check = () => assert.fail("checked too early");
  const [, desk] = deviceKeys;
  const cases: [DeviceKey | undefined, string][] = [
    [undefined, "unknown_desk"],
    [{ ...desk!, role: "phone" }, "wrong_role"],
    [{ ...desk!, role: "server" }, "wrong_role"],
  ];
  for (const [key, code] of cases) {
    const scanned = parse(mp1.tokens.R1.qr);
    assert.equal(await codeOf(() => verifyScanned(scanned, () => key, check, "desk")), code);
  }
});

test("a release by another desk's key is refused", async () => {
  const publicKey = await exportPublicKey((await generateKeys()).publicKey);
  const other = (): DeviceKey => ({ kid: DESK, role: "desk", publicKey });
  const scanned = parse(mp1.tokens.R1.qr);
  assert.equal(await codeOf(() => verifyScanned(scanned, other, checkSignature, "desk")), "bad_signature");
});

test("a label is signed by nobody", async () => {
  assert.equal(await codeOf(() => verifyText(mp1.tokens.L.qr, "desk")), "wrong_role");
});

test("a release of this device is read and verified elsewhere", async () => {
  const keys = await generateKeys();
  const key: DeviceKey = { kid: DESK, role: "desk", publicKey: await exportPublicKey(keys.publicKey) };
  const scanned = parse(encode(R1, await sign(keys.privateKey, signedBytes(R1))));
  await verifyScanned(scanned, () => key, checkSignature, "desk");
  assert.deepEqual(scanned.token, R1);
});

test("the ends of every number's range survive the round trip", () => {
  const ends: [number, number, number][] = [[0, 0, 0], [0xffffffff, 0xffff, 0xff], [2 ** 31, 2 ** 15, 2 ** 7]];
  for (const [u32, u16, u8] of ends) {
    const token: Token = {
      kind: "ticket", ...HEADER, kid: u32, iat: u32, handle: FIRST, driverKid: u32, store: u32, epoch: u16,
      exp: u32, parcels: u8,
    };
    assert.deepEqual(parse(encode(token, new Uint8Array(64))).token, token);
  }
});

test("a value that does not fit its field is not written", () => {
  const label: Token = { kind: "label", handle: FIRST, n: 1, of: 2 };
  const wrong: Token[] = [
    { ...label, n: 256 }, { ...label, n: -1 }, { ...label, n: 1.5 }, { ...label, n: Number.NaN },
    { ...label, handle: FIRST.toUpperCase() }, { ...label, handle: "de11" }, { ...label, handle: `${FIRST}00` },
    { ...R1, kid: 2 ** 32 }, { ...R1, nonce: "" },
    release([]), release(lines(21)), release([...lines(1), ...lines(1)]),
  ];
  for (const token of wrong) assert.throws(() => signedBytes(token), RangeError, JSON.stringify(token));
});

test("a signature of another length is not written", () => {
  for (const length of [0, 12, 63, 65]) assert.throws(() => encode(R1, new Uint8Array(length)), RangeError);
});

const FINE: Collecting = {
  myKid: PHONE,
  myDeliveries: new Map([["0a".repeat(8), 2], ["0b".repeat(8), 1], ["0c".repeat(8), 1]]),
  storeDeskKids: new Set([DESK, 0x5002]),
  nowS: HEADER.iat,
  usedNonces: new Set(["00".repeat(8)]),
};
const SHOWN = release([{ handle: "0a".repeat(8), parcels: 2 }, { handle: "0b".repeat(8), parcels: 1 }]);

test("a release for this driver is taken within its minute", () => {
  for (const ageS of [-30, -0.5, 0, 60]) {
    assert.equal(refuseRelease(SHOWN, { ...FINE, nowS: HEADER.iat + ageS }), null);
  }
});

// In the protocol's order: an earlier reason hides the later ones.
const REFUSALS: [string, Partial<Collecting>][] = [
  ["other_store", { storeDeskKids: new Set([0x5002]) }],
  ["stale_code", { nowS: HEADER.iat + 60.01 }],
  ["code_from_future", { nowS: HEADER.iat - 30.01 }],
  ["not_addressee", { myKid: 0xd002 }],
  ["other_delivery", { myDeliveries: new Map([["0a".repeat(8), 3]]) }],
  ["parcel_count_differs", { myDeliveries: new Map([["0a".repeat(8), 2], ["0b".repeat(8), 2]]) }],
  ["already_used", { usedNonces: new Set([HEADER.nonce]) }],
];

test("a release is refused for each reason, and the first one is told", () => {
  REFUSALS.forEach(([reason, facts], first) => {
    assert.equal(refuseRelease(SHOWN, { ...FINE, ...facts }), reason);
    const later = REFUSALS.slice(first).reverse().map(([, changed]) => changed);
    assert.equal(refuseRelease(SHOWN, Object.assign({}, FINE, ...later)), reason);
  });
});

test("a ticket set does not depend on the order of the deliveries", async () => {
  const { handles, hex } = texts.ticket_set;

  assert.equal(await ticketSetOf(handles), hex);
  assert.equal(await ticketSetOf([...handles].reverse()), hex);
  assert.notEqual(await ticketSetOf(handles.slice(1)), hex);
});

test("a shown code is of this minute, or at most 30 s ahead", () => {
  const judged = [-31, -30, 0, 60, 61].map((ageS) => refuseAge(HEADER.iat, HEADER.iat + ageS));

  assert.deepEqual(judged, ["code_from_future", null, null, null, "stale_code"]);
});
