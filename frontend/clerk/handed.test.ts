import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Database, SentStatement } from "../lib/database";
import { dropDatabases, testDatabase } from "../lib/test-database";
import { type Handed, handedNow, markOf, noteHanded, noteShown, noteUsedNonce, readHanded, readShown, usedNonces } from "./handed";
import { arrivingDriver, deskState, HANDLES } from "./samples";

const NOW = Date.UTC(2026, 10, 22, 18);
const HOUR = 3_600_000;
const CLEO = `dlv_${HANDLES.cleo}`;

const given = (change: Partial<Handed> = {}): Handed => ({ event_id: "e1", kind: "handover", at: NOW, run_id: "run_1", ids: [CLEO], ...change });
const sent = (outcome: SentStatement["outcome"], at = NOW): SentStatement => ({
  event_id: "e1", user_id: "clk_carl", path: "/handovers", occurred_at: new Date(at).toISOString(), outcome, level: null, flags: [], code: null,
});
const pending = [{ commandId: "e1", path: "/handovers", occurredAt: "", body: {} }];
const state = deskState();

async function database(): Promise<Database> {
  const db = await testDatabase("mallrun-desk");
  return db;
}

async function write(db: Database, { store, key, value }: ReturnType<typeof noteHanded>): Promise<void> {
  await db.put(store, (value as (kept: unknown) => unknown)(await db.get(store, key)), key);
}

afterEach(dropDatabases);

test("what is kept here counts, however old the lists are", () => {
  for (const listsAt of [null, NOW - 1, NOW + 1]) {
    const now = handedNow(state, listsAt, { entries: [given()], sent: [] }, pending);

    assert.deepEqual(now.get(CLEO), { kind: "handover", at: NOW, run_id: "run_1", where: "tablet" });
  }
});

test("what the server took counts until its lists show what became of it", () => {
  const log = { entries: [given()], sent: [sent("applied")] };
  const collected = deskState({ arriving: [arrivingDriver({ deliveries: state.arriving[0]!.deliveries.map((one) => ({ ...one, done: true })) })] });

  assert.equal(handedNow(state, NOW - 1, log, []).get(CLEO)?.where, "server");
  assert.equal(handedNow(state, NOW + 1, log, []).get(CLEO)?.where, "server", "the driver's phone has not said so yet");
  assert.equal(handedNow(collected, NOW + 1, log, []).size, 0);
  assert.equal(handedNow(deskState({ arriving: [] }), NOW + 1, log, []).size, 0);
});

test("what the server took without effect, and what was never kept, does not count", () => {
  for (const outcome of ["rejected", "recorded"] as const) {
    assert.equal(handedNow(state, NOW - 1, { entries: [given()], sent: [sent(outcome)] }, []).size, 0);
  }
  assert.equal(handedNow(state, NOW - 1, { entries: [given()], sent: [] }, []).size, 0);
});

test("a statement that waits for an earlier one is on the server", () => {
  assert.equal(handedNow(state, NOW - 1, { entries: [given()], sent: [sent("held")] }, []).get(CLEO)?.where, "server");
});

test("taking back is told apart from giving", () => {
  const coming = deskState({ arriving: [arrivingDriver({ deliveries: state.arriving[0]!.deliveries.map((one) => ({ ...one, direction: "return" as const })) })] });
  const log = { entries: [given({ kind: "return" })], sent: [sent("applied")] };

  assert.equal(handedNow(coming, NOW + 1, log, []).get(CLEO)?.kind, "return");
  assert.equal(handedNow(state, NOW + 1, log, []).size, 0);
});

test("the log and what was sent are kept for a day", async () => {
  const db = await database();
  await write(db, noteHanded(given({ event_id: "old", at: NOW - 24 * HOUR }), NOW - 24 * HOUR));
  await write(db, noteHanded(given(), NOW));
  await db.put("sent", { ...sent("applied", NOW - 24 * HOUR), event_id: "old" });
  await db.put("sent", sent("applied"));

  const log = await readHanded(db, NOW);

  assert.deepEqual(log.entries, [given()]);
  assert.deepEqual(log.sent, [sent("applied")]);
  assert.deepEqual(await db.getAllKeys("sent"), ["e1"]);
  assert.deepEqual(await db.get("state", "handed"), [given()]);
});

test("a presence's nonce is used up once noted, for an hour", async () => {
  const db = await database();
  await write(db, noteUsedNonce("aa", NOW - HOUR));
  await write(db, noteUsedNonce("bb", NOW));
  await write(db, noteUsedNonce("cc", NOW));

  assert.deepEqual([...(await usedNonces(db))], ["bb", "cc"]);
});

test("what was shown for a run is known after a restart, the latest of a day", async () => {
  const db = await database();
  await noteShown(db, "run_0", "aa", NOW - 24 * HOUR);
  for (let n = 0; n < 205; n += 1) await noteShown(db, "run_1", String(n), NOW);

  const shown = await readShown(db, "run_1");

  assert.deepEqual([shown.length, shown[0], shown.at(-1)], [200, "5", "204"]);
  assert.deepEqual(await readShown(db, "run_0"), []);
  assert.deepEqual(await readShown(db, "run_2"), []);
});

test("three marks: on this tablet, on the server, verified by both", () => {
  const here = { kind: "handover", at: NOW, run_id: "run_1", where: "tablet" } as const;
  const delivery = (verification: "E2" | "E3" | null, handed_over_at: string | null) => ({ verification, handed_over_at });

  assert.equal(markOf(delivery(null, null), here), "tablet");
  assert.equal(markOf(delivery(null, null), { ...here, where: "server" }), "server");
  assert.equal(markOf(delivery("E2", "2026-11-22T18:00:00Z"), here), "server");
  assert.equal(markOf(delivery("E3", "2026-11-22T18:00:00Z"), undefined), "both");
  assert.equal(markOf(delivery(null, null), undefined), null);
});
