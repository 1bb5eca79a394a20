/**
 * ES256 by WebCrypto: keys that cannot leave the device, signatures as r‖s (64 bytes).
 *
 * WebCrypto exists only on secure pages; a caller meets `crypto.subtle` undefined elsewhere and says so.
 */
import { type Bytes, fromHex, toBase64Url, toHex } from "./bytes";

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const ES256 = { name: "ECDSA", hash: "SHA-256" } as const;

/** Make this device's keys. The private one can be kept in IndexedDB and used, but never be read. */
export function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

/** The public key as an uncompressed point, 130 hex digits: the form in which keys travel. */
export async function exportPublicKey(publicKey: CryptoKey): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)));
}

/** Read an uncompressed point, 130 hex digits. Throws RangeError unless it is one on P-256. */
export async function importPublicKey(hex: string): Promise<CryptoKey> {
  if (!/^04[0-9a-f]{128}$/.test(hex)) throw new RangeError("not an uncompressed P-256 point");
  try {
    return await crypto.subtle.importKey("raw", fromHex(hex), CURVE, true, ["verify"]);
  } catch {
    throw new RangeError("not a point on P-256");
  }
}

/** Sign; two signatures of the same message differ, so verify them and never compare them. */
export async function sign(privateKey: CryptoKey, message: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(ES256, privateKey, message));
}

export function verify(publicKey: CryptoKey, signature: Bytes, message: Bytes): Promise<boolean> {
  return crypto.subtle.verify(ES256, publicKey, signature, message);
}

/** Tell whether ES256 holds under a public key in hex; a malformed key means no. Fits `verifyScanned`. */
export async function checkSignature(publicKey: string, signature: Bytes, message: Bytes): Promise<boolean> {
  try {
    return await verify(await importPublicKey(publicKey), signature, message);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Sign a text and return the signature as base64url: the answer to an enrolment's challenge. */
export async function signText(privateKey: CryptoKey, text: string): Promise<string> {
  return toBase64Url(await sign(privateKey, new TextEncoder().encode(text)));
}
