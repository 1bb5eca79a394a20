import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Database, KeptState, SentStatement } from "../lib/database";
import { fakeClock } from "../lib/fakes";
import { keepIn } from "../lib/store";
import { dropDatabases, testDatabase } from "../lib/test-database";
import { FINISHED, HANDLES, dropoff, pendingStep, runOf, stateOf } from "./samples";
import { endOf, forgetful, wipeWhenOver } from "./wiping";

const HOUR_MS = 3_600_000;
const STATE = stateOf({ run: runOf([dropoff("stp_1", 1, HANDLES.maria)]) });
const OVER = stateOf({ last_finished: FINISHED });
const ENDED_AT = Date.parse(FINISHED.finished_at);
const SENT: SentStatement = {
  event_id: "evt", user_id: "per_dina", path: "/stops/stp_1/deliver", occurred_at: FINISHED.finished_at, outcome: "applied", level: "E2", flags: [], code: null,
};

async function phone(): Promise<Database> {
  const db = await testDatabase("mallrun-driver");
  await db.put("sent", SENT);
  await db.put("state", ["aa"], "used_nonces");
  return db;
}

afterEach(dropDatabases);

test("a run ends when the server says so, or when all its stops are done on this phone", () => {
  assert.equal(endOf(STATE, []), null);
  assert.equal(endOf(OVER, []), ENDED_AT);
  assert.equal(endOf(STATE, [pendingStep("/stops/stp_1/arrive"), pendingStep("/stops/stp_1/deliver")]), Date.parse("2026-11-22T18:00:00.000Z"));
  assert.equal(endOf(stateOf(), []), null);
});

test("what a run left is kept for two hours and then gone", async () => {
  const db = await phone();

  assert.equal(await wipeWhenOver(db, ENDED_AT + 2 * HOUR_MS - 1, OVER, []), false);
  assert.equal(await db.count("sent"), 1);
  assert.equal(await wipeWhenOver(db, ENDED_AT + 2 * HOUR_MS, OVER, []), true);

  assert.deepEqual([await db.count("sent"), await db.count("state")], [0, 0]);
});

test("the end is remembered when the server tells of it no longer", async () => {
  const db = await phone();
  await wipeWhenOver(db, ENDED_AT, OVER, []);

  assert.equal(await wipeWhenOver(db, ENDED_AT + HOUR_MS, stateOf(), []), false);
  assert.equal(await wipeWhenOver(db, ENDED_AT + 2 * HOUR_MS, stateOf(), []), true);
});

test("a run that goes on is never wiped, and the next one begins without the last one's steps", async () => {
  const db = await phone();
  await wipeWhenOver(db, ENDED_AT, OVER, []);

  assert.equal(await wipeWhenOver(db, ENDED_AT + 9 * HOUR_MS, STATE, []), false);
  assert.equal(await db.count("sent"), 0);
  await db.put("sent", SENT);
  await wipeWhenOver(db, ENDED_AT + 9 * HOUR_MS, STATE, []);
  assert.equal(await db.count("sent"), 1);
});

test("a photo that was not used leaves with its stop, and one that waits to be sent stays", async () => {
  const db = await phone();
  const photo = { iv: null, bytes: new ArrayBuffer(1), type: "image/jpeg" };
  const here = dropoff("stp_1", 1, HANDLES.maria);
  const next = dropoff("stp_2", 2, HANDLES.maria);
  const photos = (): Promise<string[]> => db.getAllKeys("photos");
  for (const key of ["still:stp_1", "still:stp_2", "cmd_1"]) await db.put("photos", photo, key);

  await wipeWhenOver(db, ENDED_AT, null, []);
  await wipeWhenOver(db, ENDED_AT, stateOf({ run: runOf([here, next]) }), []);
  assert.deepEqual(await photos(), ["cmd_1", "still:stp_1", "still:stp_2"]);
  await wipeWhenOver(db, ENDED_AT, stateOf({ run: runOf([{ ...here, status: "done" }, next]) }), []);
  assert.deepEqual(await photos(), ["cmd_1", "still:stp_2"]);
  await wipeWhenOver(db, ENDED_AT, stateOf(), []);
  assert.deepEqual(await photos(), ["cmd_1"]);
});

test("a state of yesterday is not painted, and a phone that was replaced keeps none", async () => {
  const db = await phone();
  const clock = fakeClock();
  const kept: KeptState = { value: STATE, etag: null, saved_at: clock.now(), offset_ms: 0, synced_at: null };
  let mayKeep = true;
  const keeper = forgetful(keepIn(db), clock, () => mayKeep);
  await keeper.save(kept);
  assert.deepEqual((await keeper.load())?.value, STATE);

  await clock.move(24 * HOUR_MS + 1);
  assert.equal(await keeper.load(), undefined);
  mayKeep = false;
  await keeper.save({ ...kept, saved_at: clock.now() });
  assert.equal(await keeper.load(), undefined);
});
