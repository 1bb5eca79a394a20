/** The codes that give parcels to a driver: what they say, how they are signed, when they change. */
import { sign } from "../lib/signing";
import { encode, type Release, shortCode, signedBytes } from "../lib/tokens";

/** A code is redrawn with a new nonce this often; a phone takes it for a minute. Source: MP1, "Redraw P/R every 15 s". */
export const SHOWN_FOR_MS = 15_000;
/** One `R` names at most this many deliveries; a larger handover shows several codes in turn. */
export const DELIVERIES_PER_CODE = 20;
export interface Released {
  handle: string;
  parcel_count: number;
}

/** Who gives to whom, and when: server-corrected milliseconds. */
export interface ReleaseFacts {
  deskKid: number;
  clerkNumber: number;
  driverKid: number;
  now: number;
  /** Of the newest checkpoint that this tablet has seen; it proves that the code is not older. */
  anchor: string;
}

/** A code on the screen. */
export interface ShownCode {
  token: string;
  shortCode: string;
  nonce: string;
  /** Raw device milliseconds. */
  shownAt: number;
}

/** Split deliveries, in their order, into as many codes as they need. */
export function inCodes<Each>(deliveries: readonly Each[]): Each[][] {
  const count = Math.ceil(deliveries.length / DELIVERIES_PER_CODE);
  return Array.from({ length: count }, (_, at) => deliveries.slice(at * DELIVERIES_PER_CODE, (at + 1) * DELIVERIES_PER_CODE));
}

/** What a code says. `nonce` is 16 hex digits that were never used before. */
export function releaseOf(deliveries: readonly Released[], facts: ReleaseFacts, nonce: string): Release {
  return {
    kind: "release",
    kid: facts.deskKid,
    iat: Math.floor(facts.now / 1_000),
    anchor: facts.anchor,
    nonce,
    clerk: facts.clerkNumber,
    driverKid: facts.driverKid,
    deliveries: deliveries.map(({ handle, parcel_count }) => ({ handle, parcels: parcel_count })),
  };
}

/** Sign what a code says: its text for the QR code, and the six characters to read out. */
export async function signRelease(release: Release, privateKey: CryptoKey): Promise<{ token: string; shortCode: string }> {
  const token = encode(release, await sign(privateKey, signedBytes(release)));
  return { token, shortCode: await shortCode(token) };
}

/** Eight random bytes as hex. */
export function freshNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whole seconds until the code changes, 0…15; a clock that was set back never shows more. */
export function secondsLeft(shownAt: number, now: number): number {
  const left = Math.ceil((shownAt + SHOWN_FOR_MS - now) / 1_000);
  return Math.min(SHOWN_FOR_MS / 1_000, Math.max(0, left));
}
