// Standard input: {publicKey, texts}, releases that Python signed. Standard output: what this side reads
// in them, and releases of its own for Python to read.
import { text } from "node:stream/consumers";
import { checkSignature, exportPublicKey, generateKeys, sign } from "../../frontend/lib/signing.ts";
import { encode, parse, shortCode, signedBytes, verifyScanned } from "../../frontend/lib/tokens.ts";

const { publicKey, texts } = JSON.parse(await text(process.stdin));
const hex = (size) => Buffer.from(crypto.getRandomValues(new Uint8Array(size))).toString("hex");
const number = (size) => Number.parseInt(hex(size), 16);

async function readRelease(code) {
  const scanned = parse(code);
  await verifyScanned(scanned, (kid) => ({ kid, role: "desk", publicKey }), checkSignature, "desk");
  return { token: scanned.token, shortCode: await shortCode(code) };
}

async function makeRelease(keys, count) {
  const deliveries = Array.from({ length: count }, () => ({ handle: hex(8), parcels: number(1) }));
  const token = {
    kind: "release", kid: number(4), iat: number(4), anchor: hex(8), nonce: hex(8), clerk: number(4),
    driverKid: number(4), deliveries,
  };
  const code = encode(token, await sign(keys.privateKey, signedBytes(token)));
  return { text: code, token, shortCode: await shortCode(code) };
}

const keys = await generateKeys();
const read = await Promise.all(texts.map(readRelease));
const made = await Promise.all(texts.map((_, at) => makeRelease(keys, 1 + (at % 20))));
process.stdout.write(JSON.stringify({ read, made, publicKey: await exportPublicKey(keys.publicKey) }));
