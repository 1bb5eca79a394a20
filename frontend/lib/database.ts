/** What a device keeps between starts, in IndexedDB: unsent commands, the last state, keys and photos. */
import { openDB } from "idb";
import type { Database, DatabaseName, MallrunSchema } from "./database-schema";
import { upgradeDatabase } from "./database-upgrades";

export type * from "./database-schema";

const VERSION = 2;

/**
 * Open (and create on first use) the database of an audience.
 *
 * Raises: the browser's error when storage is switched off; the app then says so and works online only.
 */
export function openDatabase(name: DatabaseName): Promise<Database> {
  return openDB<MallrunSchema>(name, VERSION, {
    upgrade: (database, before, _after, tx) => upgradeDatabase(database, tx, before),
    blocking(_current, _blocked, event) {
      // Another tab runs a newer release: make way, or its start would hang.
      (event.target as IDBDatabase).close();
    },
  });
}

/** Forget what the last person saw and did, and the photos, but not the unsent commands: call at sign-out. */
export async function forgetState(database: Database): Promise<void> {
  const tx = database.transaction(["state", "sent", "photos", "outbox"], "readwrite");
  const work = async (): Promise<void> => {
    await tx.objectStore("state").clear();
    await tx.objectStore("sent").clear();
    const needed = new Set((await tx.objectStore("outbox").getAll()).map((entry) => entry.photo_key));
    for (const key of await tx.objectStore("photos").getAllKeys()) {
      if (!needed.has(key)) await tx.objectStore("photos").delete(key);
    }
  };
  await Promise.all([work(), tx.done]);
}
