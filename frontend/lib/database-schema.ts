/** The shape of what a device keeps between starts, in IndexedDB; `database.ts` opens it. */
import type { DBSchema, IDBPDatabase } from "idb";
import type { Problem } from "./api";
import type { Beside } from "./envelope";
import type { Answers } from "./outbox-answers";

/** One database per audience, so that a shared phone mixes nothing up. */
export type DatabaseName = "mallrun-driver" | "mallrun-desk";

/** Encrypted bytes; `iv` is null where the browser has no cryptography, and the bytes are then readable. */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer> | null;
  bytes: ArrayBuffer;
}

/** A command or statement from the moment a person made it until the server took it or the person read its refusal. */
export interface OutboxEntry {
  /** Order of sending; given by the database. */
  seq?: number;
  /** Also the `event_id` of a statement. */
  command_id: string;
  /** Who made it. A command is only ever sent while the same person is signed in. */
  user_id: string;
  /** What was done, as an address below the audience's API, such as `/stops/stp_…/collect`. */
  path: string;
  /** `EntryContent`, sealed. */
  content: Sealed;
  /** Characters that a statement takes up in an upload; null for a plain command. */
  statement_size: number | null;
  /** Key in `photos` when the command is a multipart upload. */
  photo_key: string | null;
  /** Results of earlier commands that the body names by `answerOf`. */
  answers: Answers;
  occurred_at: string;
  /** Set once the server has refused for good; the entry then waits for `acknowledge`. */
  refusal: Problem | null;
}

/** What is sent, and what the screens show of it. */
export interface EntryContent {
  /** JSON fields. Of a plain command they are what is sent, `command_id` and `occurred_at` included. */
  body: Record<string, unknown>;
  /** What is sent instead when the step is a signed statement. */
  statement?: { envelope: string; beside: Beside };
}

/** A statement that the server has, until the run that it belongs to is wiped. */
export interface SentStatement {
  event_id: string;
  user_id: string;
  path: string;
  occurred_at: string;
  outcome: "applied" | "duplicate" | "recorded" | "held" | "rejected";
  /** E0…E3; null when the server could not tell yet. */
  level: "E0" | "E1" | "E2" | "E3" | null;
  flags: string[];
  code: string | null;
}

/** A document as last heard from the server. */
export interface KeptState {
  value: unknown;
  etag: string | null;
  /** Corrected device clock, milliseconds. */
  saved_at: number;
  /** `Clock.offset` and `Clock.syncedAt` at that time. */
  offset_ms: number;
  synced_at: number | null;
}

/** Sealed bytes instead of a Blob: older WebKit lost Blobs that were kept in IndexedDB. */
export interface KeptPhoto extends Sealed {
  type: string;
}

export interface MallrunSchema extends DBSchema {
  outbox: { key: number; value: OutboxEntry; indexes: { by_command: string } };
  /** `state` → sealed KeptState; other small documents under keys of their own (such as used nonces). */
  state: { key: string; value: unknown };
  /** CryptoKeys and what belongs to them, such as the head of a device's chain of statements. */
  keys: { key: string; value: unknown };
  photos: { key: string; value: KeptPhoto };
  /** By event id. */
  sent: { key: string; value: SentStatement };
}

export type Database = IDBPDatabase<MallrunSchema>;

/** A further record to write in the same transaction as a command. */
export interface Alongside {
  store: "state" | "keys";
  key: string;
  /** The new value; or, to build on what is kept at that moment (such as the nonces used up), how to make it. */
  value: unknown | ((kept: unknown) => unknown);
}
