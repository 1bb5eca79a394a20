/**
 * Statements: what a device has to say about a handoff, signed the moment it happens.
 *
 * The envelope is a JWS in compact form whose exact text is evidence. What is personal (a position, a PIN, a note)
 * travels beside it; the envelope holds only salted hashes of it, so that the values can be erased later while the
 * signature stays good. The twin of `app/domain/envelope.py`. Source: handoff protocol MP1, "Event envelope".
 */
import { sha256Hex, toHex } from "./bytes";
import { readJws, verifyJws, writeJws } from "./jws";

export const ENVELOPE_TYPE = "mp-event+jws";
/** `anchor` of a device that has seen no checkpoint yet. */
export const NO_ANCHOR = "0".repeat(16);
/** `prev` of a device's first envelope. */
export const NO_ENVELOPE = "0".repeat(64);

export type StatementType =
  | "handoff.picked_up"
  | "handoff.released"
  | "handoff.delivered"
  | "handoff.failed"
  | "handoff.returned"
  | "correction";

export type Evidence =
  | { kind: "release_code" | "presence" | "ticket" | "customer_code" | "label"; text: string }
  | { kind: "short_code"; text: string }
  /** SHA-256 in hex of exactly the bytes that are uploaded. */
  | { kind: "photo"; sha256: string }
  | { kind: "pin" | "assertion" | "none" | "manager_code" };

export type FailureReason = "nobody_home" | "wrong_address" | "refused" | "damaged" | "unsafe" | "other";

/** Names of personal values; each travels beside the envelope. */
export type PersonalName = "geo" | "pin" | "note" | "manager_code";
export type Personal = Partial<Record<PersonalName, string>>;
/** What travels beside an envelope: each value with the salt of its commitment (32 hex digits). */
export type Beside = Partial<Record<PersonalName, { salt: string; value: string }>>;

/** The part of a statement that a screen knows. */
export interface Said {
  type: StatementType;
  /** Handle (16 hex digits) → number of parcels, 1…20 of each. */
  parcels: Readonly<Record<string, number>>;
  evidence: readonly Evidence[];
  actor: { id: string; auth: "online" | "offline" };
  /** What the driver believed; driver devices only. */
  assignment_epoch?: number;
  /** Every nonce (16 hex digits) that this device showed for the handoff. */
  shown?: readonly string[];
  reason?: FailureReason;
  /** `event_id` of the statement that a correction is about. */
  refers_to?: string;
}

/** How far a device trusted its clock. */
export interface ClockClaim {
  /** Server's time minus the device's, as last learnt. */
  offset_ms: number;
  /** Seconds since it was learnt. */
  sync_age_s: number;
  /** The device's clock was moved since. */
  jump: boolean;
}

/** Everything an envelope says. */
export interface Statement extends Said {
  v: 1;
  /** UUIDv7; also the idempotency key. */
  event_id: string;
  deliveries: readonly string[];
  /** Server-corrected milliseconds since 1970. */
  occurred_at: number;
  clock: ClockClaim;
  /** First 8 bytes of the hash of the newest checkpoint seen, hex. */
  anchor: string;
  device: number;
  /** Counts this device's statements from 1. */
  seq: number;
  /** SHA-256 of this device's envelope before, hex. */
  prev: string;
  commitments?: Partial<Record<PersonalName, string>>;
}

/** Sign a statement with its device's key. */
export function signEnvelope(statement: Statement, privateKey: CryptoKey): Promise<string> {
  return writeJws(ENVELOPE_TYPE, statement.device, statement, privateKey);
}

/** Commit to personal values: the hashes for inside the envelope, and what travels beside it. */
export async function commitTo(
  personal: Personal,
  random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes),
): Promise<{ commitments: Partial<Record<PersonalName, string>>; beside: Beside }> {
  const commitments: Partial<Record<PersonalName, string>> = {};
  const beside: Beside = {};
  for (const [name, value] of Object.entries(personal) as [PersonalName, string][]) {
    const salt = random(new Uint8Array(16));
    commitments[name] = await commitment(salt, value);
    beside[name] = { salt: toHex(salt), value };
  }
  return { commitments, beside };
}

/** SHA-256 over 16 bytes of salt and the value as UTF-8, hex. */
export function commitment(salt: Uint8Array, value: string): Promise<string> {
  return sha256Hex(new Uint8Array([...salt, ...new TextEncoder().encode(value)]));
}

/**
 * Read an envelope and check who signed it; devices only write envelopes, so this is for looking at one.
 *
 * Throws RangeError when it is none, names another device than its header, or the key (hex) has not signed it.
 */
export async function openEnvelope(text: string, publicKey: string): Promise<Statement> {
  const jws = readJws(ENVELOPE_TYPE, text);
  const statement = jws.payload as unknown as Statement;
  if (statement.v !== 1 || statement.device !== jws.kid) throw new RangeError("device");
  if (!(await verifyJws(jws, publicKey))) throw new RangeError("signature");
  return statement;
}
