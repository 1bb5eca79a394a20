/**
 * The proof document, read and not yet believed: exactly the members that belong there, each value in its one spelling.
 *
 * The twin of the reading part of `verify_proof.py`; the document is made by `app/web/proof.py`. No DOM.
 */

import { fromBase64, fromHex } from "../lib/bytes";

type Bytes = Uint8Array<ArrayBuffer>;

export interface Checkpoint {
  note: string;
  kid: string;
  signature: Bytes;
  /** The hashes that show an earlier checkpoint to be a beginning of the newest; empty for the newest. */
  path: Bytes[];
  origin: string;
  size: number;
  root: Bytes;
}

export interface ProofEvent {
  /** 1, 2, 3 … as people count. */
  number: number;
  /** The canonical text; null where the holder of the link gets the hash only. */
  record: string | null;
  leaf: Bytes;
  head: Bytes;
  /** Null while the event waits for the next checkpoint. */
  position: number | null;
  path: Bytes[];
  /** What a phone or tablet signed about it, a compact JWS; null where there is none to show. */
  envelope: string | null;
}

export interface Proof {
  delivery: string;
  /** The server's public keys by number. */
  keys: Map<string, string>;
  /** Those of the devices that signed an envelope. */
  devices: Map<string, string>;
  checkpoint: Checkpoint | null;
  earlier: Checkpoint | null;
  events: ProofEvent[];
}

/** Thrown for a text that is no proof; nobody is shown its message. */
export class UnreadableProof extends Error {}

const VERSION = 1;
const HASH = /^[0-9a-f]{64}$/;
const NOTE = /^([^\s+]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n$/;

/** Read a proof. Throws UnreadableProof. */
export function readProof(text: string): Proof {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw new UnreadableProof("no JSON");
  }
  const names = ["v", "delivery", "server_keys", "devices", "checkpoint", "earlier", "events"];
  const { v, delivery, server_keys, devices, checkpoint, earlier, events } = members(found, names);
  if (v !== VERSION) throw new UnreadableProof("version");
  const read = list(events).map(readEvent);
  if (read.length === 0) throw new UnreadableProof("no events");
  return {
    delivery: matching(delivery, /^[0-9a-f]{16}$/),
    keys: readKeys(server_keys),
    devices: readKeys(devices),
    checkpoint: checkpoint === null ? null : readCheckpoint(members(checkpoint, ["note", "kid", "signature"]), []),
    earlier: earlier === null ? null : readEarlier(members(earlier, ["note", "kid", "signature", "path"])),
    events: read,
  };
}

function readKeys(found: unknown): Map<string, string> {
  const keys = list(found).map((key) => members(key, ["kid", "public_key"]));
  const byKid = new Map(keys.map((key) => [matching(key["kid"], /^[0-9a-f]{8}$/), matching(key["public_key"], /^04[0-9a-f]{128}$/)]));
  if (byKid.size !== keys.length) throw new UnreadableProof("two keys of one number");
  return byKid;
}

function readEarlier(found: Record<string, unknown>): Checkpoint {
  return readCheckpoint(found, hashes(found["path"]));
}

function readCheckpoint(found: Record<string, unknown>, path: Bytes[]): Checkpoint {
  const note = matching(found["note"], NOTE);
  const [, origin, size, root] = NOTE.exec(note)!;
  return {
    note, path, origin: origin!, size: Number(size),
    kid: matching(found["kid"], /^[0-9a-f]{8}$/),
    signature: fromHex(matching(found["signature"], /^[0-9a-f]{128}$/)),
    root: fromBase64(root!),
  };
}

function readEvent(found: unknown, place: number): ProofEvent {
  const event = members(found, ["record", "leaf", "head", "position", "path", "envelope"]);
  const { record, position, path, envelope } = event;
  if (envelope !== null && typeof envelope !== "string") throw new UnreadableProof("envelope");
  if (record !== null && typeof record !== "string") throw new UnreadableProof("record");
  if (position !== null && !Number.isSafeInteger(position)) throw new UnreadableProof("position");
  if ((position === null) !== (path === null)) throw new UnreadableProof("path without position");
  return {
    number: place + 1, record, envelope,
    leaf: fromHex(matching(event["leaf"], HASH)),
    head: fromHex(matching(event["head"], HASH)),
    position: position as number | null,
    path: path === null ? [] : hashes(path),
  };
}

function members(found: unknown, names: string[]): Record<string, unknown> {
  if (typeof found !== "object" || found === null || Array.isArray(found)) throw new UnreadableProof("no object");
  const given = Object.keys(found).sort();
  if (given.join() !== [...names].sort().join()) throw new UnreadableProof(`members ${given.join()}`);
  return found as Record<string, unknown>;
}

function list(found: unknown): unknown[] {
  if (!Array.isArray(found)) throw new UnreadableProof("no list");
  return found;
}

function hashes(found: unknown): Bytes[] {
  return list(found).map((each) => fromHex(matching(each, HASH)));
}

function matching(found: unknown, form: RegExp): string {
  if (typeof found !== "string" || !form.test(found)) throw new UnreadableProof(`form ${form.source}`);
  return found;
}
