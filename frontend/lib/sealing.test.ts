import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Database } from "./database";
import { readable, seal, sealBytes, unseal, unsealBytes } from "./sealing";
import { dropDatabases, testDatabase } from "./test-database";

const ADDRESS = { street: "123 N Dobson Rd", name: "José" };

async function tab(): Promise<Database> {
  const db = await testDatabase("mallrun-driver");
  return db;
}

const asText = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString("latin1");

afterEach(dropDatabases);

test("what is sealed cannot be read and opens at the next start", async () => {
  const sealed = await seal(await tab(), ADDRESS);

  assert.ok(!asText(sealed.bytes).includes("Dobson"));
  assert.deepEqual(await unseal(await tab(), sealed), ADDRESS);
});

test("bytes come back as they were", async () => {
  const db = await tab();
  const bytes = crypto.getRandomValues(new Uint8Array(1_000));
  assert.deepEqual(new Uint8Array(await unsealBytes(db, await sealBytes(db, bytes))), bytes);
});

test("the same value is never sealed the same way twice", async () => {
  const db = await tab();
  const [one, other] = [await seal(db, ADDRESS), await seal(db, ADDRESS)];
  assert.notDeepEqual(new Uint8Array(one.bytes), new Uint8Array(other.bytes));
});

test("the key cannot be read", async () => {
  const db = await tab();
  await seal(db, ADDRESS);
  const key = (await db.get("keys", "sealing")) as CryptoKey;
  assert.equal(key.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("raw", key));
});

test("two tabs that start at once agree on one key", async () => {
  const [one, other] = [await tab(), await tab()];
  const [ours, theirs] = await Promise.all([seal(one, ADDRESS), seal(other, ADDRESS)]);

  assert.deepEqual(await unseal(other, ours), ADDRESS);
  assert.deepEqual(await unseal(one, theirs), ADDRESS);
});

test("a change is noticed, and so is a lost key", async () => {
  const db = await tab();
  const sealed = await seal(db, ADDRESS);
  const changed = sealed.bytes.slice(0);
  new Uint8Array(changed)[0]! ^= 1;
  await assert.rejects(unseal(db, { ...sealed, bytes: changed }));
  await db.delete("keys", "sealing");
  await assert.rejects(unseal(await tab(), sealed));
});

test("what was kept before there was a key stays readable", async () => {
  assert.deepEqual(await unseal(await tab(), readable(new TextEncoder().encode(JSON.stringify(ADDRESS)))), ADDRESS);
});
