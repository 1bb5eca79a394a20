/** Databases for tests, in memory: `afterEach(dropDatabases)`, and none outlives its test. */
import "fake-indexeddb/auto";
import { deleteDB } from "idb";
import { type Database, type DatabaseName, openDatabase } from "./database";

let open: Database[] = [];

/** Open an audience's database; within one test it is the same one, as for two tabs. */
export async function testDatabase(name: DatabaseName): Promise<Database> {
  const db = await openDatabase(name);
  open.push(db);
  return db;
}

/** Close and delete every database of a test. */
export async function dropDatabases(): Promise<void> {
  const names = new Set(open.map((db) => db.name));
  for (const db of open) db.close();
  open = [];
  for (const name of names) await deleteDB(name);
}
