import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { deleteDB } from "idb";
import { type Database, openDatabase } from "./database";
import { type SeenCall, fakeClock, fakeEvents, fakeHttp, noAnswer, refusal, settled } from "./fakes";
import type { Posted } from "./http";
import { createLock } from "./lock";
import { createOutbox } from "./outbox";
import { replayOutbox } from "./outbox-replay";

let db: Database;
const lock = createLock("outbox", undefined);
const done = (): Posted<unknown> => ({ status: "done", value: { result: {}, state: {} } });

/** A page of a driver that has kept steps and is gone. */
async function leave(steps: readonly string[], userId = "per_dina") {
  db = await openDatabase("mallrun-driver");
  const outbox = createOutbox({ db, http: fakeHttp(noAnswer), clock: fakeClock(), events: fakeEvents(), lock, userId: () => userId });
  for (const path of steps) await outbox.submit(path, {});
  await settled();
  return outbox;
}

async function wake(answer: (call: SeenCall) => Posted<unknown>) {
  const http = fakeHttp(answer);
  return { replayed: await replayOutbox({ db, http, lock }), sent: http.calls.map(({ path, sender }) => [path, sender]) };
}

afterEach(async () => {
  await settled();
  db.close();
  await deleteDB("mallrun-driver");
});

test("what a closed page had kept is sent in its order, each as its person", async () => {
  await leave(["/a", "/b"]);
  await leave(["/c"], "per_dora");

  const { replayed, sent } = await wake(done);

  assert.deepEqual(sent, [["/a", "per_dina"], ["/b", "per_dina"], ["/c", "per_dora"]]);
  assert.deepEqual(replayed, { sent: 3, end: "empty" });
  assert.equal(await db.count("outbox"), 0);
});

test("a refusal is kept for the page to show", async () => {
  const outbox = await leave(["/a", "/b"]);

  const { replayed } = await wake(({ path }) => (path === "/a" ? refusal(409, "run_reassigned") : done()));
  await outbox.recount();

  assert.equal(replayed.end, "empty");
  assert.deepEqual(outbox.view().refused.map(({ path }) => path), ["/a"]);
  assert.equal(outbox.view().unsent, 0);
});

for (const [what, answer, end] of [
  ["no signal after all", noAnswer, "later"],
  ["a failing server", () => refusal(503, "server_error"), "later"],
  ["somebody else who is signed in by now", () => refusal(401, "not_signed_in"), "signed_out"],
] as const) {
  test(`${what} leaves everything for another time`, async () => {
    await leave(["/a"]);

    const { replayed } = await wake(answer);

    assert.deepEqual(replayed, { sent: 0, end });
    assert.equal(await db.count("outbox"), 1);
  });
}

test("a page that sends at the same time sends nothing twice", async () => {
  await leave(["/a", "/b"]);
  const http = fakeHttp(done);
  const page = createOutbox({ db, http, clock: fakeClock(), events: fakeEvents(), lock, userId: () => "per_dina" });

  const [{ sent }] = await Promise.all([wake(done), page.flush()]);

  assert.equal(sent.length + http.calls.length, 2);
});

test("a step that is written down while another's round ends is still answered", async () => {
  await leave([]);
  const outbox = createOutbox({ db, http: fakeHttp(done), clock: fakeClock(), events: fakeEvents(), lock, userId: () => "per_dina" });
  const steps = Array.from({ length: 20 }, () => outbox.submit("/a", {}));
  const outcomes: string[] = [];

  for (const step of steps) {
    outcomes.push((await step).status);
    outcomes.push((await outbox.submit("/b", {})).status);
  }

  assert.deepEqual([...new Set(outcomes)], ["done"]);
});
