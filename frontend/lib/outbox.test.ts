import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Command } from "./api";
import { fakeClock, fakeEvents, fakeHttp, noAnswer, refusal, type SeenCall, settled } from "./fakes";
import type { Posted } from "./http";
import { createLock } from "./lock";
import { answerOf, createOutbox, type OutboxOptions } from "./outbox";
import { dropDatabases, testDatabase } from "./test-database";

type Body = Record<string, unknown>;
interface Numbered extends Command {
  n: number;
}
type Rule = (call: SeenCall) => Posted<unknown> | Promise<Posted<unknown>>;

const done: Rule = () => ({ status: "done", value: { result: {}, state: { rev: "2" } } });

async function phone(rule: Rule = done, more: Partial<OutboxOptions<unknown>> = {}) {
  const db = await testDatabase("mallrun-driver");
  const [clock, events] = [fakeClock(), fakeEvents()];
  let answer = rule;
  const http = fakeHttp((call) => answer(call));
  const options = { db, http, clock, events, lock: createLock("outbox", undefined), userId: () => "per_dina", chance: () => 1, ...more };
  const setServer = (next: Rule): void => {
    answer = next;
  };
  const sent = (): unknown[] => http.calls.map((call) => (call.body as Body)["n"]);
  return { db, clock, events, http, outbox: createOutbox(options), setServer, sent };
}

afterEach(async () => {
  await settled();
  await dropDatabases();
});

test("an answer in time reaches the caller and leaves nothing behind", async () => {
  const { outbox, http } = await phone(() => ({ status: "done", value: { result: { run_id: "run_1" }, state: {} } }));

  const outcome = await outbox.submit<Numbered>("/duty", { n: 1 });

  assert.equal(outcome.status, "done");
  assert.deepEqual(outcome.status === "done" && outcome.answer.result, { run_id: "run_1" });
  assert.equal((http.calls[0]!.body as Body)["occurred_at"], "2026-11-22T18:00:00.000Z");
  await settled();
  assert.equal(outbox.view().unsent, 0);
});

test("every step says who took it", async () => {
  const { outbox, http } = await phone();

  await outbox.submit<Numbered>("/a", { n: 1 });
  await outbox.submitPhoto("/photos", {}, new Blob(["jpeg"]));
  await outbox.sendNow<Numbered>("/claim", { n: 2 });

  assert.deepEqual(http.calls.map(({ path, sender }) => [path, sender]), [["/a", "per_dina"], ["/photos", "per_dina"], ["/claim", "per_dina"]]);
});

test("without a connection steps are kept and later sent in order", async () => {
  const { outbox, clock, setServer, sent } = await phone(noAnswer);
  const outcomes = [await outbox.submit<Numbered>("/a", { n: 1 }), await outbox.submit<Numbered>("/b", { n: 2 }), await outbox.submit<Numbered>("/c", { n: 3 })];
  await settled();
  assert.deepEqual(outcomes.map((outcome) => outcome.status), ["queued", "queued", "queued"]);
  assert.equal(outbox.view().unsent, 3);
  assert.equal(outbox.view().lastProblem?.code, "server_unreachable");
  const before = sent().length;

  setServer(done);
  await clock.move(10_000);

  assert.deepEqual(sent().slice(before), [1, 2, 3]);
  assert.equal(outbox.view().unsent, 0);
  assert.equal(outbox.view().lastProblem, null);
});

test("a failing server stops the line, so that nothing overtakes", async () => {
  const { outbox, sent } = await phone(() => refusal(500, "server_error"));

  await outbox.submit<Numbered>("/a", { n: 1 });
  await outbox.submit<Numbered>("/b", { n: 2 });
  await settled();

  assert.deepEqual(sent(), [1, 1]);
  assert.equal(outbox.view().unsent, 2);
});

test("a slow answer is reported as kept after eight seconds and still taken over", async () => {
  let answer: (value: Posted<unknown>) => void = () => undefined;
  const taken: string[] = [];
  const slow: Rule = () => new Promise((resolve) => (answer = resolve));
  const { outbox, clock } = await phone(slow, { onAnswer: (_answer, path) => taken.push(path) });
  const outcome = outbox.submit<Numbered>("/a", { n: 1 });

  await clock.move(8_000);
  assert.equal((await outcome).status, "queued");
  answer({ status: "done", value: { result: {}, state: {} } });
  await settled();

  assert.deepEqual(taken, ["/a"]);
  assert.equal(outbox.view().unsent, 0);
});

test("a 401 pauses until the same person has signed in", async () => {
  const { outbox, clock, setServer, sent } = await phone(() => refusal(401, "not_signed_in"));
  await outbox.submit<Numbered>("/a", { n: 1 });
  await settled();
  setServer(done);

  await clock.move(600_000);
  assert.equal(outbox.view().isPaused, true);
  assert.deepEqual(sent(), [1]);
  await outbox.resume();

  assert.deepEqual(sent(), [1, 1]);
  assert.equal(outbox.view().unsent, 0);
});

test("steps of another person are never sent", async () => {
  const dinas = await phone(noAnswer);
  await dinas.outbox.submit<Numbered>("/a", { n: 1 });
  const mallorys = await phone(done, { userId: () => "per_mallory" });

  await mallorys.outbox.flush();
  await settled();

  assert.deepEqual(mallorys.sent(), []);
  assert.equal(mallorys.outbox.view().unsent, 0);
  assert.equal(mallorys.outbox.view().ofOthers, 1);
});

test("nobody signed in means nothing is kept", async () => {
  const { outbox, db } = await phone(done, { userId: () => null });

  const outcome = await outbox.submit<Numbered>("/a", { n: 1 });

  assert.equal(outcome.status === "refused" && outcome.problem.code, "not_signed_in");
  assert.equal(await db.count("outbox"), 0);
});

test("a refusal that the caller sees is not kept, and the line goes on", async () => {
  const { outbox, db } = await phone((call) => (call.path === "/a" ? refusal(409, "already_claimed") : done(call)));

  const first = await outbox.submit<Numbered>("/a", { n: 1 });
  const second = await outbox.submit<Numbered>("/b", { n: 2 });

  assert.equal(first.status === "refused" && first.problem.code, "already_claimed");
  assert.equal(second.status, "done");
  await settled();
  assert.equal(await db.count("outbox"), 0);
});

test("a refusal that nobody saw stays until it is acknowledged", async () => {
  const { outbox, clock, setServer, db } = await phone(noAnswer);
  await outbox.submit<Numbered>("/stops/stp_1/collect", { n: 1 });
  setServer(() => refusal(409, "run_reassigned"));
  await clock.move(10_000);
  const [refused] = outbox.view().refused;
  assert.equal(refused?.problem.code, "run_reassigned");
  assert.equal(outbox.view().unsent, 0);

  await outbox.acknowledge(refused!.commandId);

  assert.deepEqual(outbox.view().refused, []);
  assert.equal(await db.count("outbox"), 0);
});

test("an unsent step cannot be acknowledged away", async () => {
  const { outbox } = await phone(noAnswer);
  const outcome = await outbox.submit<Numbered>("/a", { n: 1 });

  await outbox.acknowledge(outcome.commandId);

  assert.equal(outbox.view().unsent, 1);
});

test("too many requests is waited out, a person's tap does not shorten it", async () => {
  const { outbox, clock, setServer, sent } = await phone(() => refusal(429, "too_many_requests", 40));
  await outbox.submit<Numbered>("/a", { n: 1 });
  setServer(done);

  await outbox.submit<Numbered>("/b", { n: 2 });
  await clock.move(39_000);
  assert.deepEqual(sent(), [1]);
  await clock.move(2_000);

  assert.deepEqual(sent(), [1, 1, 2]);
});

test("a cool-down of the rules is a refusal and not a reason to wait", async () => {
  const { outbox } = await phone(() => refusal(429, "claim_cool_down", 40));

  const outcome = await outbox.submit<Numbered>("/a", { n: 1 });

  assert.equal(outcome.status === "refused" && outcome.problem.code, "claim_cool_down");
});

test("the same command id is kept once and answers both callers", async () => {
  const { outbox, sent } = await phone();
  const twice = [1, 2].map(() => outbox.submit<Numbered>("/a", { n: 1, command_id: "same" }));

  const outcomes = await Promise.all(twice);

  assert.deepEqual(outcomes.map((outcome) => outcome.status), ["done", "done"]);
  assert.deepEqual(sent(), [1]);
});

test("a step that was kept before a crash is sent at the next start with the same id", async () => {
  const before = await phone(noAnswer);
  const outcome = await before.outbox.submit<Numbered>("/a", { n: 1 });
  await settled();
  const after = await phone();

  const stop = after.outbox.start();
  await settled();
  stop();

  assert.deepEqual(after.http.calls.map((call) => (call.body as Body)["command_id"]), [outcome.commandId]);
  assert.equal(after.outbox.view().unsent, 0);
});

test("two tabs send each step once", async () => {
  const lock = createLock("shared", undefined);
  const [one, other] = [await phone(noAnswer, { lock }), await phone(done, { lock })];
  await one.outbox.submit<Numbered>("/a", { n: 1 });
  one.setServer(done);
  const before = one.sent().length;

  await Promise.all([one.outbox.flush(), other.outbox.flush()]);

  assert.equal(one.sent().length - before + other.sent().length, 1);
});

test("a photo goes first and its id is put into the step that needs it", async () => {
  const { outbox, clock, setServer, http, db } = await phone(noAnswer);
  const photo = await outbox.submitPhoto("/photos", { delivery_id: "dlv_1" }, new Blob(["jpeg"], { type: "image/jpeg" }));
  const evidence = { kind: "photo", photo_id: answerOf(photo.commandId, "photo_id") };
  await outbox.submit("/deliver", { evidence } as never);
  http.calls.length = 0;

  setServer((call) => (call.path === "/photos" ? { status: "done", value: { result: { photo_id: "pho_7" }, state: {} } } : done(call)));
  await clock.move(20_000);

  const [upload, deliver] = http.calls.map((call) => call.body);
  assert.equal(await ((upload as FormData).get("photo") as Blob).text(), "jpeg");
  assert.equal((upload as FormData).get("delivery_id"), "dlv_1");
  assert.deepEqual((deliver as Body)["evidence"], { kind: "photo", photo_id: "pho_7" });
  assert.equal(await db.count("photos"), 0);
});

test("a step whose photo was refused is refused with it", async () => {
  const { outbox, clock, setServer, http } = await phone(noAnswer);
  const photo = await outbox.submitPhoto("/photos", {}, new Blob(["text"]));
  await outbox.submit("/deliver", { photo_id: answerOf(photo.commandId, "photo_id") } as never);

  setServer(() => refusal(422, "photo_unreadable"));
  await clock.move(20_000);

  assert.deepEqual(outbox.view().refused.map((entry) => entry.problem.code), ["photo_unreadable", "photo_unreadable"]);
  assert.ok(!http.calls.some((call) => call.path === "/deliver"));
});

test("a full device says so and keeps nothing", async () => {
  const { outbox, db } = await phone();
  db.close();

  const outcome = await outbox.submit<Numbered>("/a", { n: 1 });

  assert.equal(outcome.status === "refused" && outcome.problem.code, "storage_full");
});

test("a step for now only is sent after the kept ones and never kept", async () => {
  const { outbox, setServer, sent, db } = await phone(noAnswer);
  await outbox.submit<Numbered>("/a", { n: 1 });
  assert.equal((await outbox.sendNow<Numbered>("/claim", { n: 2 })).status, "unreachable");
  setServer(done);
  const before = sent().length;

  const answer = await outbox.sendNow<Numbered>("/claim", { n: 3 });

  assert.equal(answer.status, "done");
  assert.deepEqual(sent().slice(before), [1, 3]);
  assert.equal(await db.count("outbox"), 0);
});

test("the waits grow to five minutes", async () => {
  const { outbox, clock } = await phone(noAnswer);
  await outbox.submit<Numbered>("/a", { n: 1 });
  const waits: number[] = [];
  for (let round = 0; round < 11; round += 1) {
    waits.push(outbox.view().nextTryAt! - clock.now());
    await clock.move(waits.at(-1)!);
  }
  assert.deepEqual(waits.slice(0, 4), [1_000, 2_000, 4_000, 8_000]);
  assert.equal(waits.at(-1), 300_000);
});
