/**
 * Checks a delivery's proof on this device: nothing of it is believed, neither the server nor this page's own words.
 *
 * The same steps in the same order as `verify_proof.py`. No DOM; WebCrypto, so a secure page.
 */
import { toHex } from "../lib/bytes";
import { checkSignature } from "../lib/signing";
import { type Checkpoint, type Proof, type ProofEvent, UnreadableProof, readProof } from "./proof";
import { carrierOf, parsed, signerOf } from "./statement";
import { EMPTY_HEAD, isBeginning, isSame, leafHash, nextHead, rootByInclusion, sha256 } from "./tree";

/** What is checked, in this order. `memory` only on a device that has seen this delivery before. */
export const STEPS = ["records", "chain", "log", "signature", "memory"] as const;
export type Step = (typeof STEPS)[number];

/** Why something does not hold; `words.ts` says it. */
export type Fault =
  | "unreadable"
  | "record_changed"
  | "other_delivery"
  | "wrong_place"
  | "statement_changed"
  | "chain_broken"
  | "not_in_log"
  | "no_checkpoint"
  | "unknown_key"
  | "bad_signature"
  | "other_key"
  | "head_gone"
  | "log_rewritten";

/** What a device remembers of a proof that held, to hold the next one to. */
export interface Memory {
  /** Head of the delivery's chain, 64 hex digits. */
  head: string;
  /** Anchor of the checkpoint, 16 hex digits; null before the first. */
  anchor: string | null;
  /** The server's public key that signed it; null before the first. */
  key: string | null;
}

export interface Held {
  holds: true;
  events: number;
  /** Of how many there is only the hash. */
  hidden: number;
  /** Of how many there is what a phone or tablet signed. */
  signed: number;
  /** Covered by the checkpoint; the others wait for the next. */
  covered: number;
  size: number | null;
  origin: string | null;
  memory: Memory;
}

export interface Failed {
  holds: false;
  step: Step;
  fault: Fault;
  /** Which event it is about: 1, 2, 3 …; null when it is about none. */
  event: number | null;
}

class Broken extends Error {
  readonly failed: Failed;

  constructor(step: Step, fault: Fault, event: number | null = null) {
    super(fault);
    this.failed = { holds: false, step, fault, event };
  }
}

/** Check the text of a proof, against what this device remembers of an earlier one. */
export async function verifyProof(text: string, memory: Memory | null): Promise<Held | Failed> {
  try {
    const proof = readProof(text);
    const signed = await checkRecords(proof);
    await checkChain(proof.events);
    await checkLog(proof);
    await checkSignatures(proof);
    if (memory) await checkMemory(proof, memory);
    return await held(proof, signed);
  } catch (error) {
    if (error instanceof UnreadableProof) return { holds: false, step: "records", fault: "unreadable", event: null };
    if (error instanceof Broken) return error.failed;
    throw error;
  }
}

async function held({ events, checkpoint, keys }: Proof, signed: number): Promise<Held> {
  return {
    holds: true,
    events: events.length,
    hidden: events.filter((event) => event.record === null).length,
    signed,
    covered: events.filter((event) => event.position !== null).length,
    size: checkpoint?.size ?? null,
    origin: checkpoint?.origin ?? null,
    memory: {
      head: toHex(events.at(-1)!.head),
      anchor: checkpoint && (await anchorOf(checkpoint)),
      key: (checkpoint && keys.get(checkpoint.kid)) ?? null,
    },
  };
}

/** Hold every record to its leaf, this delivery and its place; the answer is how many of them a device has signed. */
async function checkRecords({ events, delivery, devices }: Proof): Promise<number> {
  const signers: string[] = [];
  for (const { number, record, leaf, envelope } of events) {
    if (record === null) {
      if (envelope !== null) throw new Broken("records", "statement_changed", number);
      continue;
    }
    if (!isSame(await leafHash(record), leaf)) throw new Broken("records", "record_changed", number);
    const said = parsed(record);
    if (said?.["delivery"] !== delivery) throw new Broken("records", "other_delivery", number);
    if (said["seq"] !== number - 1) throw new Broken("records", "wrong_place", number);
    const facts = (said["facts"] ?? {}) as Record<string, unknown>;
    if (envelope === null && !("presence" in facts)) continue;
    const signer = envelope === null ? await carrierOf(facts, devices) : await signerOf(envelope, facts, delivery, devices);
    if (signer === null) throw new Broken("records", "statement_changed", number);
    signers.push(signer);
  }
  // A key that signed nothing here would be a value that nobody checks.
  if (new Set(signers).size !== devices.size) throw new Broken("records", "unreadable");
  return signers.length;
}

async function checkChain(events: ProofEvent[]): Promise<void> {
  let head = EMPTY_HEAD;
  for (const event of events) {
    head = await nextHead(head, event.leaf);
    if (!isSame(head, event.head)) throw new Broken("chain", "chain_broken", event.number);
  }
}

async function checkLog({ events, checkpoint }: Proof): Promise<void> {
  const places = new Set<number>();
  for (const { number, leaf, position, path } of events) {
    if (position === null) continue;
    if (!checkpoint) throw new Broken("log", "no_checkpoint", number);
    const root = await rootByInclusion(leaf, position, checkpoint.size, path);
    if (!root || !isSame(root, checkpoint.root) || places.has(position)) throw new Broken("log", "not_in_log", number);
    places.add(position);
  }
}

async function checkSignatures({ checkpoint, earlier, keys }: Proof): Promise<void> {
  for (const each of [checkpoint, earlier]) {
    if (!each) continue;
    const key = keys.get(each.kid);
    if (key === undefined) throw new Broken("signature", "unknown_key");
    const isSigned = await checkSignature(key, each.signature, new TextEncoder().encode(each.note));
    if (!isSigned) throw new Broken("signature", "bad_signature");
  }
}

/** Hold the proof to what was seen before: the same key, no event gone, and a log that only grew. */
async function checkMemory({ events, checkpoint, earlier, keys }: Proof, memory: Memory): Promise<void> {
  if (!events.some((event) => toHex(event.head) === memory.head)) throw new Broken("memory", "head_gone");
  if (memory.anchor === null) return;
  if (!checkpoint) throw new Broken("memory", "log_rewritten");
  if (keys.get(checkpoint.kid) !== memory.key) throw new Broken("memory", "other_key");
  if ((await anchorOf(checkpoint)) === memory.anchor) return;
  const isKnown = earlier !== null && (await anchorOf(earlier)) === memory.anchor;
  if (!isKnown || !(await isBeginning(earlier, checkpoint, earlier.path))) throw new Broken("memory", "log_rewritten");
}

async function anchorOf({ note }: Checkpoint): Promise<string> {
  return toHex((await sha256(new TextEncoder().encode(note))).slice(0, 8));
}
