/**
 * MP1 tokens: what the codes that change hands say, byte for byte.
 *
 * The twin of `app/domain/tokens.py` and of `refuse_release` in `app/domain/handoff.py`; both languages are
 * tested against `tests/vectors/`.
 */
import { decodeBase45, encodeBase45 } from "./base45";
import { fromHex, sha256Hex } from "./bytes";
import { type Release, type Token, readToken, signatureBytes, writeBody } from "./token-layout";

export type { CustomerCode, Label, Presence, Release, Ticket, Token } from "./token-layout";

export type KeyRole = "phone" | "desk" | "server";

/** A public key that counts right now: an uncompressed P-256 point as 130 hex digits. */
export interface DeviceKey {
  kid: number;
  role: KeyRole;
  publicKey: string;
}

/** A code that was read: well-formed, and not yet believed. */
export interface Scanned {
  token: Token;
  body: Uint8Array<ArrayBuffer>;
  /** A label's MAC. */
  signature: Uint8Array<ArrayBuffer>;
}

/** Why a code was refused; `code` is a key of the problem catalogue. */
export class CodeRefused extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.name = "CodeRefused";
    this.code = code;
  }
}

const PREFIX = "MP1:";
const CONTEXT = new TextEncoder().encode("MP1\0");
/** The longest code of ours has 421 characters; more is not worth reading. */
const MAX_CODE_CHARACTERS = 600;
/** Seconds that a shown code stays good, and that it may lie ahead of this clock. */
const CODE_LIFETIME_S = 60;
const CODE_AHEAD_S = 30;
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Read a scanned text without believing it. Throws CodeRefused: code_too_long, code_not_ours or code_damaged. */
export function parse(text: string): Scanned {
  if (text.length > MAX_CODE_CHARACTERS) throw new CodeRefused("code_too_long");
  if (!text.startsWith(PREFIX)) throw new CodeRefused("code_not_ours");
  try {
    const raw = decodeBase45(text.slice(PREFIX.length));
    const { token, bodySize } = readToken(raw);
    return { token, body: raw.slice(0, bodySize), signature: raw.slice(bodySize) };
  } catch (error) {
    if (error instanceof RangeError) throw new CodeRefused("code_damaged");
    throw error;
  }
}

/** The bytes that a signature covers. Throws RangeError on a value that does not fit its field. */
export function signedBytes(token: Token): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...CONTEXT, ...writeBody(token)]);
}

/** The text of a code. Throws RangeError on a wrong length of signature or value. */
export function encode(token: Token, signature: Uint8Array): string {
  const body = writeBody(token);
  if (signature.length !== signatureBytes(token)) throw new RangeError("signature");
  return PREFIX + encodeBase45(new Uint8Array([...body, ...signature]));
}

/** Six Crockford characters to read out: the first 30 bits of the SHA-256 of the token. Throws as `parse`. */
export async function shortCode(text: string): Promise<string> {
  const { body, signature } = parse(text);
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array([...body, ...signature]));
  const number = new DataView(digest).getUint32(0) >>> 2;
  return [25, 20, 15, 10, 5, 0].map((shift) => CROCKFORD[(number >>> shift) & 31]).join("");
}

/**
 * Check who signed a code; the caller has seen that it is the kind of token this role signs.
 *
 * `publicKeyOf` answers undefined for a key that is unknown, expired or retired. `check` takes public key,
 * signature and message. Throws CodeRefused: unknown_desk, wrong_role or bad_signature.
 */
export async function verifyScanned(
  scanned: Scanned,
  publicKeyOf: (kid: number) => DeviceKey | undefined,
  check: (publicKey: string, signature: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>) => Promise<boolean>,
  requiredRole: KeyRole,
): Promise<void> {
  if (scanned.token.kind === "label") throw new CodeRefused("wrong_role");
  const key = publicKeyOf(scanned.token.kid);
  if (!key) throw new CodeRefused("unknown_desk");
  if (key.role !== requiredRole) throw new CodeRefused("wrong_role");
  const message = new Uint8Array([...CONTEXT, ...scanned.body]);
  if (!(await check(key.publicKey, scanned.signature, message))) throw new CodeRefused("bad_signature");
}

/** The four bytes (hex) by which a presence names the driver's deliveries at a store, in whatever order. */
export async function ticketSetOf(handles: readonly string[]): Promise<string> {
  return (await sha256Hex(fromHex([...handles].sort().join("")))).slice(0, 8);
}

/** Why a shown code is not of this minute, or null; `nowS` is the scanner's time in Unix seconds. */
export function refuseAge(iat: number, nowS: number): "stale_code" | "code_from_future" | null {
  const ageS = nowS - iat;
  if (ageS > CODE_LIFETIME_S) return "stale_code";
  return ageS < -CODE_AHEAD_S ? "code_from_future" : null;
}

/** What a phone knows when it judges a release. */
export interface Collecting {
  myKid: number;
  /** Handle of every delivery that the driver collects here -> its parcels. */
  myDeliveries: ReadonlyMap<string, number>;
  /** Keys of the desks of the store where the driver stands. */
  storeDeskKids: ReadonlySet<number>;
  nowS: number;
  usedNonces: ReadonlySet<string>;
}

/** Why a driver may not take this release, or null; its signature has been verified before. */
export function refuseRelease(release: Release, mine: Collecting): string | null {
  if (!mine.storeDeskKids.has(release.kid)) return "other_store";
  const aged = refuseAge(release.iat, mine.nowS);
  if (aged) return aged;
  if (release.driverKid !== mine.myKid) return "not_addressee";
  if (release.deliveries.some(({ handle }) => !mine.myDeliveries.has(handle))) return "other_delivery";
  if (release.deliveries.some(({ handle, parcels }) => mine.myDeliveries.get(handle) !== parcels)) {
    return "parcel_count_differs";
  }
  return mine.usedNonces.has(release.nonce) ? "already_used" : null;
}
