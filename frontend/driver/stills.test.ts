import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { forgetState } from "../lib/database";
import { dropDatabases, testDatabase } from "../lib/test-database";
import { type Keeping, eraseStill, hasStill, keepStill, keptStill } from "./stills";

const PHOTO = new Blob(["first"], { type: "image/jpeg" });

async function phone(mayKeep = true): Promise<Keeping> {
  return { db: await testDatabase("mallrun-driver"), mayKeep: () => mayKeep };
}

afterEach(dropDatabases);

test("a photo is kept for its stop until it is erased, and the newest only", async () => {
  const keeping = await phone();
  assert.equal(await keptStill(keeping, "stp_1"), null);

  assert.equal(await keepStill(keeping, "stp_1", PHOTO), true);
  assert.equal(await keepStill(keeping, "stp_1", new Blob(["second"], { type: "image/jpeg" })), true);

  const kept = await keptStill(keeping, "stp_1");
  assert.equal(await kept?.text(), "second");
  assert.equal(kept?.type, "image/jpeg");
  assert.deepEqual([await hasStill(keeping, "stp_1"), await hasStill(keeping, "stp_2")], [true, false]);
  await eraseStill(keeping, "stp_1");
  assert.deepEqual([await hasStill(keeping, "stp_1"), await keptStill(keeping, "stp_1")], [false, null]);
});

test("what is kept shows no picture to who copies the files", async () => {
  const keeping = await phone();
  await keepStill(keeping, "stp_1", PHOTO);

  const [kept] = await keeping.db.getAll("photos");

  assert.ok(kept?.iv);
  assert.ok(!new TextDecoder("latin1").decode(kept.bytes).includes("first"));
});

test("a phone that may keep nothing says so, and one that forgets forgets photos", async () => {
  assert.equal(await keepStill(await phone(false), "stp_1", PHOTO), false);
  const keeping = await phone();
  assert.equal(await hasStill(keeping, "stp_1"), false);

  await keepStill(keeping, "stp_1", PHOTO);
  await forgetState(keeping.db);

  assert.equal(await hasStill(keeping, "stp_1"), false);
});

test("a phone without room keeps nothing, and one that cannot read has none", async () => {
  const keeping = await phone();
  await keepStill(keeping, "stp_1", PHOTO);
  const [kept] = await keeping.db.getAll("photos");
  await keeping.db.put("photos", { ...kept!, iv: new Uint8Array(12) }, "still:stp_1");
  assert.equal(await keptStill(keeping, "stp_1"), null);

  keeping.db.close();

  assert.equal(await keepStill(keeping, "stp_2", PHOTO), false);
  assert.equal(await hasStill(keeping, "stp_2"), false);
  await assert.doesNotReject(eraseStill(keeping, "stp_2"));
});
