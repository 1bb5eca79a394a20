// The TypeScript side of test_tokens_twin.py. Standard input holds one member for each thing asked, standard output
// its answer under the same name.
import { createHmac } from "node:crypto";
import { text } from "node:stream/consumers";
import { checkSignature, exportPublicKey, generateKeys, sign } from "../../frontend/lib/signing.ts";
import { CodeRefused, encode, parse, shortCode, signedBytes, verifyScanned } from "../../frontend/lib/tokens.ts";

const KINDS = ["presence", "release", "ticket", "customer", "label"];
const ROLES = { presence: "phone", release: "desk", ticket: "server", customer: "server" };
const CONTEXT = Buffer.from("MP1\0");
/** As many at a time as keep both cores busy without holding every message in memory. */
const AT_ONCE = 64;

/** Phones and tablets have no key of the labels: only this test checks their MAC in TypeScript. */
function labelMac(key, message) {
  return createHmac("sha256", Buffer.from(key, "hex")).update(message).digest().subarray(0, 12);
}

async function believe(scanned, publicKeyOf, role, labelKey) {
  if (scanned.token.kind !== "label") return verifyScanned(scanned, publicKeyOf, checkSignature, role);
  const expected = labelMac(labelKey, Buffer.concat([CONTEXT, scanned.body]));
  if (!expected.equals(scanned.signature)) throw new CodeRefused("bad_signature");
}

/** Numbers from a seed (xorshift32), so that a failure can be repeated. */
function chanceFrom(seed) {
  let state = seed | 1;
  const word = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const number = (bits) => {
    const ends = [0, 1, 2 ** (bits - 1), 2 ** bits - 1];
    return word() % 10 === 0 ? ends[word() % 4] : word() >>> (32 - bits);
  };
  const hex = (size) => Array.from({ length: size }, () => number(8).toString(16).padStart(2, "0")).join("");
  return { word, number, hex };
}

function randomToken(chance, kind) {
  const { word, number, hex } = chance;
  // A handle of chosen ends could come twice in one release, so that its first half is left to chance alone.
  const handle = () => word().toString(16).padStart(8, "0") + hex(4);
  if (kind === "label") return { kind, handle: handle(), n: number(8), of: number(8) };
  const token = { kind, kid: number(32), iat: number(32), anchor: hex(8), nonce: hex(8) };
  if (kind === "presence") return { ...token, store: number(32), ticketSet: hex(4) };
  if (kind === "customer") return { ...token, handle: handle(), exp: number(32), flags: number(8) };
  if (kind === "ticket") {
    const where = { handle: handle(), driverKid: number(32), store: number(32) };
    return { ...token, ...where, epoch: number(16), exp: number(32), parcels: number(8) };
  }
  const lines = Array.from({ length: 1 + (word() % 20) }, () => ({ handle: handle(), parcels: number(8) }));
  return { ...token, clerk: number(32), driverKid: number(32), deliveries: lines };
}

async function inTurn(items, work) {
  const done = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return done;
}

/** Read the texts that Python signed, and sign as many tokens for Python to read. */
async function exchange({ publicKey, labelKey, seed, texts }) {
  const keys = await generateKeys();
  const chance = chanceFrom(seed);
  const read = await inTurn(texts, async (code) => {
    const scanned = parse(code);
    const role = ROLES[scanned.token.kind];
    await believe(scanned, (kid) => ({ kid, role, publicKey }), role, labelKey);
    return { token: scanned.token, shortCode: await shortCode(code) };
  });
  const tokens = texts.map((_, at) => randomToken(chance, KINDS[at % KINDS.length]));
  const made = await inTurn(tokens, async (token) => {
    const message = signedBytes(token);
    const proof = token.kind === "label" ? labelMac(labelKey, message) : await sign(keys.privateKey, message);
    const code = encode(token, proof);
    return { text: code, token, shortCode: await shortCode(code) };
  });
  return { read, made, publicKey: await exportPublicKey(keys.publicKey) };
}

/** The refusal of each text, or "believed". */
function judge({ keys, labelKey, cases }) {
  const publicKeyOf = (kid) => keys.find((key) => key.kid === kid);
  return inTurn(cases, async ([code, role]) => {
    try {
      await believe(parse(code), publicKeyOf, role, labelKey);
    } catch (error) {
      if (error instanceof CodeRefused) return error.code;
      throw error;
    }
    return "believed";
  });
}

const asked = JSON.parse(await text(process.stdin));
const answers = { exchange, judge };
const given = {};
for (const [name, question] of Object.entries(asked)) given[name] = await answers[name](question);
process.stdout.write(JSON.stringify(given));
