import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { KeptState } from "../lib/database";
import { fakeClock } from "../lib/fakes";
import { readable, type Sealed } from "../lib/sealing";
import { dropDatabases, testDatabase } from "../lib/test-database";
import type { DeskState } from "./api";
import { createBoardKeeper } from "./board-keeper";
import { deskState, lockedState } from "./samples";

const HOUR = 3_600_000;

async function tablet() {
  const [db, clock] = [await testDatabase("mallrun-desk"), fakeClock()];
  const kept = (value: DeskState): KeptState => ({ value, etag: '"7"', saved_at: clock.now(), offset_ms: 5, synced_at: clock.now() });
  return { db, clock, keeper: createBoardKeeper(db, clock), kept };
}

afterEach(dropDatabases);

test("a start finds a locked desk, and the last lists beside it", async () => {
  const { db, clock, keeper, kept } = await tablet();
  await keeper.save(kept(deskState()));

  const again = createBoardKeeper(db, clock);
  const loaded = await again.load();

  assert.deepEqual(loaded?.value, lockedState());
  assert.equal(loaded?.etag, null);
  assert.equal(loaded?.offset_ms, 5);
  assert.equal(again.isOwn(loaded?.value as DeskState), true);
  assert.deepEqual(again.board.value?.lists.ready, deskState().ready);
  assert.equal(again.board.value?.at, clock.now());
});

test("lists stay known while the desk is locked, with the time when they were told", async () => {
  const { db, clock, keeper, kept } = await tablet();
  const at = clock.now();
  await keeper.save(kept(deskState()));
  await clock.move(HOUR);
  await keeper.save(kept(lockedState({ counts: { to_pack: 5, ready: 0, arriving: 0 } })));

  const again = createBoardKeeper(db, clock);
  const loaded = await again.load();

  assert.equal((loaded?.value as DeskState).counts.to_pack, 5);
  assert.deepEqual([again.board.value?.at, again.board.value?.lists.ready.length], [at, 2]);
});

test("nothing that is kept can be read without the tablet's own key", async () => {
  const { db, keeper, kept } = await tablet();
  await keeper.save(kept(deskState()));

  const { iv, bytes } = (await db.get("state", "state")) as Sealed;

  assert.equal(iv?.length, 12);
  assert.doesNotMatch(Buffer.from(bytes).toString("latin1"), /Cleo|Dina|Juniper/);
});

test("lists that are a day old are dropped, on the tablet too", async () => {
  const { db, clock, keeper, kept } = await tablet();
  await keeper.save(kept(deskState()));
  await clock.move(24 * HOUR - 1);
  assert.equal(keeper.dropOld(), false);
  assert.notEqual(keeper.board.value, null);

  await clock.move(1);
  assert.equal(keeper.dropOld(), true);
  assert.equal(keeper.board.value, null);

  await clock.move(0);
  const again = createBoardKeeper(db, clock);
  await again.load();
  assert.equal(again.board.value, null);
});

test("what an earlier release has kept opens as a locked desk", async () => {
  const { db, keeper, kept } = await tablet();
  const { clerk_ids, server_keys, checkpoint, ...before } = lockedState();
  await db.put("state", readable(new TextEncoder().encode(JSON.stringify(kept(before as DeskState)))), "state");

  const loaded = await keeper.load();

  assert.deepEqual(loaded?.value, { ...before, clerk_ids: [], server_keys: [], checkpoint: null });
  assert.equal(keeper.board.value, null);
});

test("a retired desk keeps nothing, and locking it again brings nothing back", async () => {
  const { db, clock, keeper, kept } = await tablet();
  await keeper.save(kept(deskState()));

  await keeper.forget();

  assert.equal(keeper.board.value, null);
  assert.equal(await createBoardKeeper(db, clock).load(), undefined);
});
