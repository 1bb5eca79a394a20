/** How a device's database came to its present form, one step per version; nothing unsent is ever lost by one. */
import type { IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import type { MallrunSchema, OutboxEntry } from "./database-schema";
import { awaitedBy } from "./outbox-answers";
import { readable } from "./sealing";

type Upgrade = IDBPTransaction<MallrunSchema, StoreNames<MallrunSchema>[], "versionchange">;

/** Bring a database from version `before` (0: it is new) to the present one. */
export async function upgradeDatabase(database: IDBPDatabase<MallrunSchema>, tx: Upgrade, before: number): Promise<void> {
  if (before < 1) {
    const outbox = database.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
    outbox.createIndex("by_command", "command_id", { unique: true });
    database.createObjectStore("state");
    database.createObjectStore("keys");
    database.createObjectStore("photos");
  }
  if (before < 2) {
    database.createObjectStore("sent", { keyPath: "event_id" });
    await putIntoEnvelopes(tx);
  }
}

/** Version 2 seals what names people. There is no waiting for a key in an upgrade: what is there stays readable. */
async function putIntoEnvelopes(tx: Upgrade): Promise<void> {
  const [outbox, photos, state] = [tx.objectStore("outbox"), tx.objectStore("photos"), tx.objectStore("state")];
  for (const entry of (await outbox.getAll()) as unknown as (OutboxEntry & { body: Record<string, unknown> })[]) {
    const { body, ...others } = entry;
    await outbox.put({ ...others, content: readable(json({ body })), statement_size: null, answers: awaitedBy(body) });
  }
  for (const key of await photos.getAllKeys()) {
    const { bytes, type } = (await photos.get(key))!;
    await photos.put({ iv: null, bytes, type }, key);
  }
  const kept = await state.get("state");
  if (kept) await state.put(readable(json(kept)), "state");
}

function json(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}
