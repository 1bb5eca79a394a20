import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { deleteDB, openDB } from "idb";
import { type Database, type KeptState, forgetState, openDatabase } from "./database";
import { fakeClock, fakeEvents, fakeHttp, settled } from "./fakes";
import { createLock } from "./lock";
import { answerOf, createOutbox } from "./outbox";
import { readable, unsealBytes } from "./sealing";
import { keepIn } from "./store";

let open: Database | null = null;

/** What the release before had kept: a photo and the delivery that names it, and the state. */
async function oldPhone(): Promise<void> {
  const old = await openDB("mallrun-driver", 1, {
    upgrade(db) {
      db.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true }).createIndex("by_command", "command_id", { unique: true });
      for (const name of ["state", "keys", "photos"]) db.createObjectStore(name);
    },
  });
  const common = { user_id: "per_dina", occurred_at: "2026-11-22T18:00:00.000Z", refusal: null };
  const bytes = new TextEncoder().encode("jpeg").buffer;
  await old.put("photos", { bytes, type: "image/jpeg" }, "cmd_1");
  await old.add("outbox", { ...common, command_id: "cmd_1", path: "/photos", body: { command_id: "cmd_1", delivery_id: "dlv_1" }, photo_key: "cmd_1" });
  const evidence = { kind: "photo", photo_id: answerOf("cmd_1", "photo_id") };
  await old.add("outbox", { ...common, command_id: "cmd_2", path: "/stops/stp_1/deliver", body: { command_id: "cmd_2", evidence }, photo_key: null });
  await old.put("state", { value: { rev: "7" }, etag: null, saved_at: 5, offset_ms: 3 }, "state");
  old.close();
}

afterEach(async () => {
  await settled();
  open?.close();
  await deleteDB("mallrun-driver");
});

test("steps that an older release kept are sent by this one", async () => {
  await oldPhone();
  const db = (open = await openDatabase("mallrun-driver"));
  const http = fakeHttp(({ path }) => ({ status: "done", value: { result: path === "/photos" ? { photo_id: "pho_7" } : {}, state: {} } }));
  const outbox = createOutbox({ db, http, clock: fakeClock(), events: fakeEvents(), lock: createLock("outbox", undefined), userId: () => "per_dina" });

  await outbox.flush();

  assert.deepEqual(http.calls.map(({ path }) => path), ["/photos", "/stops/stp_1/deliver"]);
  assert.equal(await ((http.calls[0]!.body as FormData).get("photo") as Blob).text(), "jpeg");
  assert.deepEqual((http.calls[1]!.body as Record<string, unknown>)["evidence"], { kind: "photo", photo_id: "pho_7" });
});

test("the state of an older release is painted, and sealed when it is kept again", async () => {
  await oldPhone();
  const db = (open = await openDatabase("mallrun-driver"));
  const kept = (await keepIn(db).load()) as KeptState;
  assert.deepEqual(kept.value, { rev: "7" });

  await keepIn(db).save(kept);

  const { iv } = (await db.get("state", "state")) as { iv: Uint8Array | null };
  assert.notEqual(iv, null);
});

test("signing out forgets all but what is unsent", async () => {
  await oldPhone();
  const db = (open = await openDatabase("mallrun-driver"));
  await db.put("photos", { ...readable(new Uint8Array(1)), type: "image/jpeg" }, "of nobody");

  await forgetState(db);

  assert.equal(await db.count("state"), 0);
  assert.equal(await db.count("outbox"), 2);
  assert.deepEqual(await db.getAllKeys("photos"), ["cmd_1"]);
  assert.equal(Buffer.from(await unsealBytes(db, (await db.get("photos", "cmd_1"))!)).toString(), "jpeg");
});
