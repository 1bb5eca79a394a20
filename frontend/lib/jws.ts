/**
 * JSON Web Signatures in compact form, as far as Mallrun writes them: ES256, one header, base64url without padding.
 *
 * A text is read strictly: another algorithm, type or header member (such as `crit`) makes it unreadable, so that
 * nobody can talk a verifier into another way of checking. Source: RFC 7515; RFC 8725 on what goes wrong with JWS.
 */
import { type Bytes, fromBase64Url, toBase64Url } from "./bytes";
import { checkSignature, sign } from "./signing";

/** A text that was read: well-formed, and not yet believed. */
export interface Jws {
  /** Key id from the header. */
  kid: number;
  payload: Record<string, unknown>;
  /** What the signature covers. */
  signed: Bytes;
  signature: Bytes;
}

const SIGNATURE_BYTES = 64;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Sign a payload. `kid` is written as eight hex digits; `type` is the header's `typ`. */
export async function writeJws(type: string, kid: number, payload: object, privateKey: CryptoKey): Promise<string> {
  const header = { alg: "ES256", kid: kidText(kid), typ: type };
  const signed = [header, payload].map((part) => toBase64Url(encoded(JSON.stringify(part)))).join(".");
  return `${signed}.${toBase64Url(await sign(privateKey, encoded(signed)))}`;
}

/** Read a text without believing it. Throws RangeError unless it is exactly one JWS of this type. */
export function readJws(type: string, text: string): Jws {
  const parts = text.split(".");
  if (parts.length !== 3) throw new RangeError("not three parts");
  const [header, payload, signature] = parts.map(fromBase64Url) as [Bytes, Bytes, Bytes];
  const kid = readHeader(type, readObject(header));
  if (signature.length !== SIGNATURE_BYTES) throw new RangeError("signature");
  return { kid, payload: readObject(payload), signed: encoded(`${parts[0]}.${parts[1]}`), signature };
}

/** Tell whether the key (uncompressed point, hex) has signed this. */
export function verifyJws({ signature, signed }: Jws, publicKey: string): Promise<boolean> {
  return checkSignature(publicKey, signature, signed);
}

function readHeader(type: string, header: Record<string, unknown>): number {
  const { alg, kid, typ, ...others } = header;
  const isOurs = alg === "ES256" && typ === type && typeof kid === "string" && /^[0-9a-f]{8}$/.test(kid);
  if (!isOurs || Object.keys(others).length > 0) throw new RangeError("header");
  return Number.parseInt(kid, 16);
}

function readObject(bytes: Bytes): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    throw new RangeError("not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new RangeError("not an object");
  return value as Record<string, unknown>;
}

function kidText(kid: number): string {
  return kid.toString(16).padStart(8, "0");
}

function encoded(text: string): Bytes {
  return new TextEncoder().encode(text);
}
