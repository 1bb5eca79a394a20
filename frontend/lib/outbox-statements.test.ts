import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { NoDeviceKey, createChain } from "./chain";
import { NO_ANCHOR, type Said } from "./envelope";
import { fakeClock, fakeEvents, fakeHttp, noAnswer, refusal, type SeenCall, settled } from "./fakes";
import type { Posted } from "./http";
import { createLock } from "./lock";
import { createOutbox, type OutboxOptions } from "./outbox";
import type { StatementResult } from "./outbox-contract";
import { generateKeys } from "./signing";
import { dropDatabases, testDatabase } from "./test-database";

type Rule = (call: SeenCall) => Posted<unknown> | Promise<Posted<unknown>>;
type Item = { envelope: string; beside: Record<string, { salt: string; value: string }> };

const SAID: Said = {
  type: "handoff.delivered", parcels: { de11000000000001: 1 }, evidence: [{ kind: "pin" }], actor: { id: "per_dina", auth: "online" },
  assignment_epoch: 1,
};

async function phone(rule: Rule = all("applied"), more: Partial<OutboxOptions<unknown>> = {}) {
  const db = await testDatabase("mallrun-driver");
  const [clock, events] = [fakeClock(), fakeEvents()];
  const pair = await generateKeys();
  const key = async () => ({ kid: 7, privateKey: pair.privateKey });
  const chain = createChain({ db, clock, lock: createLock("chain", undefined), key, anchor: () => NO_ANCHOR });
  let answer = rule;
  const http = fakeHttp((call) => answer(call));
  const options = { db, http, clock, events, lock: createLock("outbox", undefined), userId: () => "per_dina", chance: () => 1, chain, ...more };
  const outbox = createOutbox(options);
  const say = (path = "/stops/stp_1/deliver", said: Partial<Said> = {}) =>
    outbox.submitStatement(path, { evidence: { kind: "pin" } }, { said: { ...SAID, ...said }, personal: { pin: "482913" } });
  return { db, clock, http, outbox, say, setServer: (next: Rule) => (answer = next) };
}

const itemsOf = (call: SeenCall): Item[] => (call.body as { statements: Item[] }).statements;
const spoken = ({ envelope }: Item) => JSON.parse(Buffer.from(envelope.split(".")[1]!, "base64url").toString()) as { event_id: string; seq: number };

/** A server that does the same with each statement, unless `change` says otherwise. */
function all(outcome: StatementResult["outcome"], change: (seq: number) => Partial<StatementResult> = () => ({})): Rule {
  return (call) => {
    if (call.path !== "/handoffs") return { status: "done", value: { result: {}, state: {} } };
    const results = itemsOf(call).map((item): StatementResult => {
      const { event_id, seq } = spoken(item);
      const common = { event_id, outcome, code: null, problem: null, level: "E2" as const, flags: [], server_seq: seq, leaf_hash: null, facts: {} };
      return { ...common, ...change(seq) };
    });
    return { status: "done", value: { results, state: { rev: "2" } } };
  };
}
const conflict = () => refusal(409, "run_reassigned").problem;
/** Sizes of the uploads, and the numbers in each. */
const uploads = (calls: readonly SeenCall[]): number[][] => calls.filter(({ path }) => path === "/handoffs").map((call) => itemsOf(call).map((item) => spoken(item).seq));

afterEach(async () => {
  await settled();
  await dropDatabases();
});

test("a statement is sent with what belongs beside it, and its outcome is noted", async () => {
  const { say, http, db, outbox } = await phone();

  const outcome = await say();

  assert.ok(outcome.status === "done" && outcome.answer.result.level === "E2");
  const [item] = itemsOf(http.calls[0]!);
  assert.equal(item!.beside["pin"]!.value, "482913");
  assert.ok(!Buffer.from(item!.envelope.split(".")[1]!, "base64url").includes("482913"));
  assert.equal(http.calls[0]!.sender, "per_dina");
  await settled();
  assert.equal(outbox.view().unsent, 0);
  const [sent] = await db.getAll("sent");
  assert.deepEqual([sent!.event_id, sent!.outcome, sent!.level, sent!.path], [outcome.commandId, "applied", "E2", "/stops/stp_1/deliver"]);
});

test("statements without signal leave together, and commands keep their place between them", async () => {
  const { say, http, outbox, clock, setServer } = await phone(noAnswer);
  await outbox.submit("/stops/stp_1/arrive", {});
  await say("/stops/stp_1/collect");
  await say("/stops/stp_2/collect");
  await outbox.submit("/stops/stp_3/arrive", {});
  await say("/stops/stp_3/deliver");
  assert.deepEqual(outbox.view().pending.map(({ path }) => path.split("/").at(-1)), ["arrive", "collect", "collect", "arrive", "deliver"]);
  http.calls.length = 0;

  setServer(all("applied"));
  await clock.move(60_000);

  assert.deepEqual(http.calls.map(({ path }) => path), ["/stops/stp_1/arrive", "/handoffs", "/stops/stp_3/arrive", "/handoffs"]);
  assert.deepEqual(uploads(http.calls), [[1, 2], [3]]);
  assert.equal(outbox.view().unsent, 0);
});

test("each statement gets its own answer", async () => {
  const { say, outbox, clock, setServer, db } = await phone(noAnswer);
  for (let step = 0; step < 4; step += 1) await say(`/stops/stp_${step}/deliver`);
  setServer(
    all("applied", (seq) => {
      if (seq === 2) return { outcome: "recorded", code: "run_reassigned", problem: conflict(), level: null };
      if (seq === 3) return { outcome: "held", level: null };
      return seq === 4 ? { outcome: "rejected", code: "key_revoked", problem: conflict(), event_id: null, level: null } : {};
    }),
  );

  await clock.move(60_000);

  assert.equal(outbox.view().unsent, 0);
  assert.deepEqual(outbox.view().refused.map(({ path }) => path), ["/stops/stp_1/deliver", "/stops/stp_3/deliver"]);
  const sent = (await db.getAll("sent")).sort((one, other) => one.path.localeCompare(other.path));
  const outcomes = sent.map(({ outcome }) => outcome);
  assert.deepEqual(outcomes, ["applied", "recorded", "held", "rejected"]);
  for (const { commandId } of outbox.view().refused) await outbox.acknowledge(commandId);
  assert.equal(await db.count("outbox"), 0);
});

test("a statement that was recorded and not applied says why at once", async () => {
  const { say, outbox } = await phone(all("recorded", () => ({ problem: conflict() })));

  const outcome = await say();

  assert.ok(outcome.status === "refused" && outcome.problem.code === "run_reassigned");
  await settled();
  assert.deepEqual([outbox.view().unsent, outbox.view().refused.length], [0, 0]);
});

test("an upload that is too large is halved until it goes", async () => {
  const { say, http, outbox, setServer } = await phone(noAnswer);
  for (let step = 0; step < 7; step += 1) await say();
  await settled();
  http.calls.length = 0;

  setServer((call) => (itemsOf(call).length > 2 ? refusal(413, "payload_too_large") : all("applied")(call)));
  await outbox.flush();

  const sizes = uploads(http.calls).map((numbers) => numbers.length);
  assert.deepEqual(sizes.slice(0, 3), [7, 4, 2]);
  assert.equal(outbox.view().unsent, 0);
  assert.deepEqual(outbox.view().refused, []);
});

test("a statement that spoils its upload is found, and the others arrive", async () => {
  const { say, outbox, clock, setServer, db } = await phone(noAnswer);
  for (let step = 0; step < 5; step += 1) await say(`/stops/stp_${step}/deliver`);

  setServer((call) => (itemsOf(call).some((item) => spoken(item).seq === 3) ? refusal(422, "invalid_input") : all("applied")(call)));
  await clock.move(60_000);

  assert.deepEqual(outbox.view().refused.map(({ path }) => path), ["/stops/stp_2/deliver"]);
  assert.equal(await db.count("sent"), 4);
});

for (const [what, answer] of [
  ["a failing server", () => refusal(500, "server_error")],
  ["too many requests", () => refusal(429, "too_many_requests", 5)],
  ["no connection", noAnswer],
  ["an answer about other statements", all("applied", () => ({ event_id: "another" }))],
  ["too few answers", () => ({ status: "done", value: { results: [], state: {} } })],
  ["no answers at all", () => ({ status: "done", value: null })],
] as [string, Rule][]) {
  test(`${what} keeps every statement`, async () => {
    const { say, outbox, clock, setServer, http } = await phone(answer);
    assert.equal((await say()).status, "queued");
    await settled();
    assert.equal(outbox.view().unsent, 1);
    assert.notEqual(outbox.view().nextTryAt, null);
    const [before] = itemsOf(http.calls[0]!);

    setServer(all("duplicate"));
    await clock.move(60_000);

    assert.equal(outbox.view().unsent, 0);
    assert.deepEqual(itemsOf(http.calls.at(-1)!), [before]);
  });
}

test("a 401 pauses, and the statement goes when the driver is back", async () => {
  const { say, outbox, setServer } = await phone(() => refusal(401, "not_signed_in"));
  await say();
  await settled();
  assert.equal(outbox.view().isPaused, true);

  setServer(all("applied"));
  await outbox.resume();

  assert.equal(outbox.view().unsent, 0);
});

test("no more than a hundred statements or 400 kB leave together", async () => {
  const { say, http, outbox, setServer } = await phone(noAnswer);
  const code = { kind: "release_code" as const, text: `MP1:${"A".repeat(590)}` };
  for (let step = 0; step < 103; step += 1) await say("/stops/stp_1/deliver", step < 20 ? { evidence: Array(40).fill(code) as Said["evidence"] } : {});
  await settled();
  http.calls.length = 0;

  setServer(all("applied"));
  await outbox.flush();

  const batches = http.calls.map(itemsOf);
  assert.equal(batches.flat().length, 103);
  for (const batch of batches) assert.ok(batch.length <= 100 && JSON.stringify(batch).length <= 410_000);
  assert.deepEqual(uploads(http.calls).flat(), Array.from({ length: 103 }, (_, at) => at + 1));
});

test("a shared device sends its statements whoever is signed in", async () => {
  const carls = await phone(noAnswer, { userId: () => "clk_carl", statementsOf: "anyone" });
  await carls.say();
  await carls.outbox.submit("/deliveries/dlv_1/packed", {});
  await settled();
  const nobody = await phone(all("applied"), { userId: () => null, statementsOf: "anyone" });

  await nobody.outbox.flush();

  assert.deepEqual(nobody.http.calls.map(({ path, sender }) => [path, sender]), [["/handoffs", null]]);
  assert.deepEqual([nobody.outbox.view().unsent, nobody.outbox.view().ofOthers], [0, 1]);
});

test("without a key there is no statement and nothing is kept", async () => {
  const { db, outbox } = await phone(all("applied"), { chain: undefined as never });

  await assert.rejects(outbox.submitStatement("/stops/stp_1/deliver", {}, { said: SAID }), NoDeviceKey);
  assert.equal(await db.count("outbox"), 0);
});

test("a full device says so: no statement, no number used up", async () => {
  const { say, outbox, db } = await phone();
  await say();
  const quota = new DOMException("full", "QuotaExceededError");
  const { add } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = () => {
    throw quota;
  };
  const refused = await say().finally(() => (IDBObjectStore.prototype.add = add));

  assert.ok(refused.status === "refused" && refused.problem.code === "storage_full");
  assert.equal(outbox.view().unsent, 0);
  assert.equal((await say()).status, "done");
  assert.deepEqual((await db.getAll("sent")).length, 2);
  assert.equal(((await db.get("keys", "chain:7")) as { seq: number }).seq, 2);
});

test("a person without signal does not wait for a try that must fail", async () => {
  const events = fakeEvents();
  events.setOffline(true);
  const { outbox, clock, db, say } = await phone(() => new Promise(() => undefined), { events });

  const saying = say();
  while ((await db.count("outbox")) === 0 || outbox.view().unsent === 0) await settled();
  await clock.move(0);

  assert.equal((await saying).status, "queued");
  assert.equal(outbox.view().isSending, true);
});
