import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { sha256Hex } from "../lib/bytes";
import { createChain } from "../lib/chain";
import { NO_ANCHOR, type Statement, openEnvelope } from "../lib/envelope";
import { type SeenCall, fakeClock, fakeEvents, fakeHttp, noAnswer, refusal, settled } from "../lib/fakes";
import type { Posted } from "../lib/http";
import { createLock } from "../lib/lock";
import { createOutbox } from "../lib/outbox";
import { exportPublicKey, generateKeys } from "../lib/signing";
import { dropDatabases, testDatabase } from "../lib/test-database";
import type { DriverState, Incident } from "./api";
import { createCommands } from "./commands";
import { KEY_NAME, signingKey } from "./phone-signing";
import { HANDLES, dropoff, giveBack, pickup, pickupDelivery, runOf } from "./samples";
import { geoText } from "./statements";

type Item = { envelope: string; beside: Record<string, { salt: string; value: string }> };

const DOOR = dropoff("stp_3", 3);
const COUNTER = pickup("stp_1", 1, [pickupDelivery(HANDLES.maria, 2), pickupDelivery(HANDLES.jose)]);
const BACK = giveBack("stp_4", 4, [pickupDelivery(HANDLES.ann, 3)]);
const RUN = { ...runOf([COUNTER, DOOR, BACK]), epoch: 4 };
const BOTH = { [HANDLES.maria]: 2, [HANDLES.jose]: 1 };

/** A phone whose key the server knows as 7, unless `kid` says that it does not. */
async function phone(answer: (call: SeenCall) => Posted<unknown> = noAnswer, kid: number | null = 7) {
  const db = await testDatabase("mallrun-driver");
  const pair = await generateKeys();
  await db.put("keys", { user_id: "per_dina", kid, pair }, KEY_NAME);
  const [clock, http] = [fakeClock(), fakeHttp(answer)];
  const chain = createChain({ db, clock, lock: createLock("chain", undefined), key: () => signingKey(db, "per_dina"), anchor: () => NO_ANCHOR });
  const outbox = createOutbox<DriverState>({
    db, http, clock, events: fakeEvents(), lock: createLock("outbox", undefined), userId: () => "per_dina", chance: () => 1, chain,
  });
  const fix = () => ({ lat: 33.3009, lon: -111.8985, accuracy_m: 11.6, heading_deg: null, speed_mps: null, at: new Date(clock.now()).toISOString() });
  const commands = createCommands({ outbox, http, db, clock, fix, speaker: () => ({ id: "per_dina", auth: "offline" }) });
  const key = await exportPublicKey(pair.publicKey);
  /** The last statement that went out, with the values beside it. */
  const last = async (): Promise<{ statement: Statement; beside: Record<string, string> }> => {
    const upload = http.calls.findLast(({ path }) => path === "/handoffs")!;
    const item = (upload.body as { statements: Item[] }).statements.at(-1)!;
    const beside = Object.fromEntries(Object.entries(item.beside).map(([name, { value }]) => [name, value]));
    return { statement: await openEnvelope(item.envelope, key), beside };
  };
  return { db, http, outbox, commands, last };
}

afterEach(async () => {
  await settled();
  await dropDatabases();
});

test("a scanned collection states its code, its counted labels and where it was", async () => {
  const { commands, last, outbox } = await phone();
  const taken = { kind: "release_code", text: "MP1:R", nonce: "aa", parcels: BOTH, labels: ["MP1:L"] } as const;

  assert.equal((await commands.collect(COUNTER, RUN, taken)).status, "queued");

  const { statement, beside } = await last();
  assert.deepEqual([statement.type, statement.parcels, statement.assignment_epoch], ["handoff.picked_up", BOTH, 4]);
  assert.deepEqual(statement.evidence, [{ kind: "release_code", text: "MP1:R" }, { kind: "label", text: "MP1:L" }]);
  assert.deepEqual(statement.actor, { id: "per_dina", auth: "offline" });
  assert.deepEqual(beside, { geo: "33.300900,-111.898500,12" });
  assert.deepEqual(outbox.view().pending.map(({ path, body }) => [path, body["evidence"]]), [["/stops/stp_1/collect", { kind: "release_code", text: "MP1:R" }]]);
});

test("a collection by the clerk's scan lists the nonces that were shown", async () => {
  const { commands, last } = await phone();
  const shown = Array.from({ length: 230 }, (_, at) => at.toString(16).padStart(16, "0"));

  await commands.collect(COUNTER, RUN, { kind: "presence", shown, parcels: BOTH });

  const { statement } = await last();
  assert.deepEqual(statement.shown, shown.slice(-200));
  assert.deepEqual(statement.evidence, [{ kind: "assertion" }]);
});

test("a reason goes beside an assertion, and counted labels into it", async () => {
  const { commands, last } = await phone();

  await commands.collect(COUNTER, RUN, { kind: "assertion", reason: "The tablet is off", parcels: BOTH, labels: Array(60).fill("MP1:L") as string[] });

  const { statement, beside } = await last();
  assert.equal(statement.evidence.length, 39);
  assert.equal(beside["note"], "The tablet is off");
});

test("a manager's code is evidence by name, and only beside the statement", async () => {
  const { commands, last, outbox } = await phone();
  const labels = Array(60).fill("MP1:L") as string[];

  await commands.collect(COUNTER, RUN, { kind: "assertion", reason: "The tablet is off", parcels: BOTH, labels, managerCode: "730164" });

  const { statement, beside } = await last();
  assert.deepEqual(statement.evidence.slice(0, 2), [{ kind: "assertion" }, { kind: "manager_code" }]);
  assert.ok(statement.evidence.length <= 40);
  assert.equal(beside["manager_code"], "730164");
  assert.ok(statement.commitments?.manager_code);
  assert.ok(!JSON.stringify([statement, outbox.view().pending]).includes("730164"));
});

test("a PIN is only beside its statement, and not in what the screens read", async () => {
  const { commands, last, outbox } = await phone();

  await commands.deliver(DOOR, RUN, { kind: "pin", pin: "482913" });

  const { statement, beside } = await last();
  assert.deepEqual([statement.type, statement.evidence, statement.parcels], ["handoff.delivered", [{ kind: "pin" }], { [HANDLES.maria]: 1 }]);
  assert.equal(beside["pin"], "482913");
  assert.ok(!JSON.stringify(statement).includes("482913"));
  assert.ok(!JSON.stringify(outbox.view().pending).includes("482913"));
});

test("a delivery names its photo by the bytes that are uploaded", async () => {
  const { commands, http, last } = await phone(({ path }) => (path === "/photos" ? { status: "done", value: { result: { photo_id: "pho_1" }, state: null } } : noAnswer()));

  await commands.deliverWithPhoto(DOOR, RUN, new Blob(["jpeg"], { type: "image/jpeg" }));

  const { statement } = await last();
  assert.deepEqual(statement.evidence, [{ kind: "photo", sha256: await sha256Hex("jpeg") }]);
  assert.deepEqual(http.calls.map(({ path }) => path).slice(0, 2), ["/photos", "/handoffs"]);
});

test("no delivery is stated with a photo that cannot be read", async () => {
  const { commands, http, db } = await phone(() => refusal(422, "photo_unreadable"));

  const outcome = await commands.deliverWithPhoto(DOOR, RUN, new Blob(["text"]));

  assert.ok(outcome.status === "refused" && outcome.problem.code === "photo_unreadable");
  assert.deepEqual(http.calls.map(({ path }) => path), ["/photos"]);
  assert.equal(await db.count("outbox"), 0);
});

test("a failed delivery states its reason, and parcels given back are stated", async () => {
  const { commands, last } = await phone();

  await commands.fail(DOOR, RUN, "nobody_home", "Rang twice");
  const failed = await last();
  await commands.giveBack(BACK, RUN, null);
  const returned = await last();

  assert.deepEqual([failed.statement.type, failed.statement.reason, failed.beside["note"]], ["handoff.failed", "nobody_home", "Rang twice"]);
  assert.deepEqual([returned.statement.type, returned.statement.parcels, returned.statement.seq], ["handoff.returned", { [HANDLES.ann]: 3 }, 2]);
});

test("a store's question is answered with a statement", async () => {
  const { commands, last } = await phone();
  const ask = { event_id: "019aac1e-7a00-7000-8000-0123456789ab", parcel_count: 2, store_name: "Juniper" };
  const incident: Incident = { id: "inc_1", kind: "unconfirmed_release", handle: HANDLES.maria, title: "", detail: "", next_step: "", ask };

  await commands.answer(incident, 4, true);
  const confirmed = (await last()).statement;
  await commands.answer(incident, 4, false);
  const disputed = (await last()).statement;

  assert.deepEqual([confirmed.type, confirmed.parcels, confirmed.refers_to], ["handoff.picked_up", { [HANDLES.maria]: 2 }, undefined]);
  assert.deepEqual([disputed.type, disputed.refers_to], ["correction", ask.event_id]);
});

test("a typed code, and a phone that the server does not know, stay with plain commands", async () => {
  const known = await phone();
  await known.commands.collect(COUNTER, RUN, { kind: "short_code", text: "K7QX2M" });
  await known.commands.giveBack(BACK, RUN, "K7QX2M");
  assert.deepEqual(known.outbox.view().pending.map(({ path }) => path), ["/stops/stp_1/collect", "/stops/stp_4/return"]);
  assert.ok(known.http.calls.every(({ path }) => path !== "/handoffs"));
  await dropDatabases();

  const unknown = await phone(noAnswer, null);
  await unknown.commands.deliver(DOOR, RUN, { kind: "pin", pin: "482913" });

  assert.deepEqual((unknown.http.calls[0]!.body as { evidence: unknown }).evidence, { kind: "pin", pin: "482913" });
});

test("a position has one form", () => {
  assert.equal(geoText({ lat: -0.1234564, lon: 179.99999951, accuracy_m: 7.5 }), "-0.123456,180.000000,8");
});
