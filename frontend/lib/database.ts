/** What a device keeps between starts, in IndexedDB: unsent commands, the last state, keys and photos. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Problem } from "./api";

/** One database per audience, so that a shared phone mixes nothing up. */
export type DatabaseName = "mallrun-driver" | "mallrun-desk";

/** A command from the moment a person made it until the server took it or the person read its refusal. */
export interface OutboxEntry {
  /** Order of sending; given by the database. */
  seq?: number;
  command_id: string;
  /** Who made it. It is only ever sent while the same person is signed in. */
  user_id: string;
  /** Below the audience's API, such as `/stops/stp_…/collect`. */
  path: string;
  /** JSON fields including `command_id` and `occurred_at`; see `answerOf` for values that are not known yet. */
  body: Record<string, unknown>;
  /** Key in `photos` when the command is a multipart upload. */
  photo_key: string | null;
  occurred_at: string;
  /** Set once the server has refused for good; the entry then waits for `acknowledge`. */
  refusal: Problem | null;
}

/** A document as last heard from the server. */
export interface KeptState {
  value: unknown;
  etag: string | null;
  /** Corrected device clock, milliseconds. */
  saved_at: number;
  /** `Clock.offset` at that time. */
  offset_ms: number;
}

/** Bytes instead of a Blob: older WebKit lost Blobs that were kept in IndexedDB. */
export interface KeptPhoto {
  bytes: ArrayBuffer;
  type: string;
}

export interface MallrunSchema extends DBSchema {
  outbox: { key: number; value: OutboxEntry; indexes: { by_command: string } };
  /** `state` → KeptState; other small documents under keys of their own (such as used nonces). */
  state: { key: string; value: unknown };
  /** CryptoKey pairs and what belongs to them. */
  keys: { key: string; value: unknown };
  photos: { key: string; value: KeptPhoto };
}

export type Database = IDBPDatabase<MallrunSchema>;

/** A further record to write in the same transaction as a command, such as the nonces it used up. */
export interface Alongside {
  store: "state" | "keys";
  key: string;
  value: unknown;
}

const VERSION = 1;

/**
 * Open (and create on first use) the database of an audience.
 *
 * Raises: the browser's error when storage is switched off; the app then says so and works online only.
 */
export function openDatabase(name: DatabaseName): Promise<Database> {
  return openDB<MallrunSchema>(name, VERSION, {
    upgrade(database) {
      const outbox = database.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
      outbox.createIndex("by_command", "command_id", { unique: true });
      database.createObjectStore("state");
      database.createObjectStore("keys");
      database.createObjectStore("photos");
    },
    blocking(_current, _blocked, event) {
      // Another tab runs a newer release: make way, or its start would hang.
      (event.target as IDBDatabase).close();
    },
  });
}

/** Forget what the last person saw and the photos, but not the unsent commands: call at sign-out. */
export async function forgetState(database: Database): Promise<void> {
  await database.clear("state");
}
