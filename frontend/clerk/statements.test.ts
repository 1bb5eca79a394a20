import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { signal } from "@preact/signals";
import { createChain } from "../lib/chain";
import { openEnvelope, type Statement } from "../lib/envelope";
import { fakeClock, fakeEvents, fakeHttp, noAnswer, refusal, type SeenCall, settled } from "../lib/fakes";
import type { Posted } from "../lib/http";
import { createLock } from "../lib/lock";
import { createOutbox } from "../lib/outbox";
import { exportPublicKey, generateKeys } from "../lib/signing";
import { dropDatabases, testDatabase } from "../lib/test-database";
import type { DeskState } from "./api";
import type { Desk } from "./desk";
import { readHanded, usedNonces } from "./handed";
import { CARL, deskState, HANDLES, lockedState, NINA } from "./samples";
import { state as say } from "./statements";

type Rule = (call: SeenCall) => Posted<unknown>;
interface Upload {
  statements: { envelope: string; beside: Record<string, { value: string }> }[];
}

const offline: Rule = noAnswer;
const takes: Rule = ({ body }) => {
  const results = (body as Upload).statements.map(() => ({ event_id: null, outcome: "applied", code: null, problem: null, level: null, flags: [] }));
  return { status: "done", value: { results, state: lockedState() } };
};
const named = (handle: string, parcel_count = 1) => ({ id: `dlv_${handle}`, handle, parcel_count });
const CLEO = named(HANDLES.cleo, 2);

/** A tablet with Carl at it; `hasKey` false when its browser has lost the key. */
async function tablet({ rule = offline, hasKey = true } = {}) {
  const db = await testDatabase("mallrun-desk");
  const [clock, events, keys] = [fakeClock(), fakeEvents(), await generateKeys()];
  const view = signal({ state: deskState() as DeskState | null, freshness: "offline", lastAt: 0, problem: null });
  const server = { rule };
  const http = fakeHttp((call) => server.rule(call));
  const chain = createChain({
    db, clock, lock: createLock("chain", undefined), anchor: () => "0123456789abcdef",
    key: async () => (hasKey ? { kid: 4242, privateKey: keys.privateKey } : null),
  });
  const outbox = createOutbox<DeskState>({
    db, http, clock, events, chain, lock: createLock("outbox", undefined), statementsOf: "anyone", chance: () => 1,
    userId: () => view.value.state?.clerk?.id ?? null,
  });
  const session = { offline: signal<unknown>(null) };
  const desk = { db, clock, outbox, view, session } as unknown as Desk;
  const envelopes = async (): Promise<Statement[]> => {
    const sent = http.calls.filter(({ path }) => path === "/handoffs").flatMap(({ body }) => (body as Upload).statements);
    const publicKey = await exportPublicKey(keys.publicKey);
    return Promise.all(sent.map(({ envelope }) => openEnvelope(envelope, publicKey)));
  };
  return { db, clock, desk, http, outbox, server, session, view, envelopes };
}

afterEach(async () => {
  await settled();
  await dropDatabases();
});

test("a manager's code is named in the statement and told beside it", async () => {
  const { desk, envelopes, http, outbox } = await tablet();

  await say(desk, { kind: "handover", runId: "run_1", deliveries: [CLEO], managerCode: "730164" });
  const kept = JSON.stringify(outbox.view().pending);
  await settled();

  const [statement] = await envelopes();
  assert.deepEqual(statement!.evidence, [{ kind: "manager_code" }]);
  assert.deepEqual(Object.keys(statement!.commitments ?? {}), ["manager_code"]);
  const { beside } = (http.calls.find(({ path }) => path === "/handoffs")!.body as Upload).statements[0]!;
  assert.equal(beside.manager_code!.value, "730164");
  assert.ok(!kept.includes("730164"));
});

test("a tablet without its key hands no dear goods over: what it says could carry no code", async () => {
  const { desk, http } = await tablet({ rule: takes, hasKey: false });

  const stated = await say(desk, { kind: "handover", runId: "run_1", deliveries: [CLEO], managerCode: "730164" });

  assert.equal(stated.problem?.code, "desk_key_lost");
  assert.deepEqual(http.calls, []);
});

test("Given is a signed statement with every nonce that was shown, in the clerk's name", async () => {
  const { desk, envelopes } = await tablet({ rule: takes });

  const stated = await say(desk, { kind: "handover", runId: "run_1", deliveries: [CLEO, named(HANDLES.ann)], shown: ["00112233445566ff", "ff66554433221100"] });
  await settled();

  assert.equal(stated.problem, null);
  const [statement] = await envelopes();
  const { type, deliveries, parcels, shown, actor, device, seq, anchor, evidence } = statement!;
  assert.deepEqual({ type, deliveries, parcels, shown, actor, device, seq, anchor, evidence }, {
    type: "handoff.released", deliveries: [HANDLES.cleo, HANDLES.ann], parcels: { [HANDLES.cleo]: 2, [HANDLES.ann]: 1 },
    shown: ["00112233445566ff", "ff66554433221100"], actor: { id: CARL.id, auth: "online" }, device: 4242, seq: 1,
    anchor: "0123456789abcdef", evidence: [],
  });
});

test("a clerk whom only the tablet has signed in says so", async () => {
  const { desk, session, server, outbox, view, envelopes } = await tablet();
  view.value = { ...view.value, state: deskState({ clerk: NINA }) };
  session.offline.value = { clerk: NINA };
  await say(desk, { kind: "return", runId: "run_1", deliveries: [CLEO] });

  server.rule = takes;
  await outbox.resume();
  await outbox.flush();

  const [statement] = await envelopes();
  assert.deepEqual([statement?.type, statement?.actor, statement?.shown], ["handoff.returned", { id: NINA.id, auth: "offline" }, undefined]);
});

test("a statement is sent whoever is signed in, and while nobody is", async () => {
  for (const clerk of [NINA, null]) {
    const { clock, desk, server, outbox, view, http } = await tablet();
    await say(desk, { kind: "handover", runId: "run_1", deliveries: [CLEO] });
    view.value = { ...view.value, state: deskState({ clerk }) };
    await outbox.recount();
    assert.equal(outbox.view().unsent, 1, "it is counted on every screen");

    server.rule = takes;
    await clock.move(5_000);

    assert.equal(outbox.view().unsent, 0);
    assert.equal(http.calls.at(-1)?.sender, null);
  }
});

test("it is kept before it is answered, and noted among what this tablet has said", async () => {
  const { db, clock, desk } = await tablet();

  const stated = await say(desk, { kind: "handover", runId: "run_1", deliveries: [CLEO], usedNonce: "00112233445566ff" });

  assert.equal(stated.problem, null);
  const { entries } = await readHanded(db, clock.now());
  assert.deepEqual(entries.map(({ ids, kind, run_id }) => ({ ids, kind, run_id })), [{ ids: [CLEO.id], kind: "handover", run_id: "run_1" }]);
  assert.deepEqual([...(await usedNonces(db))], ["00112233445566ff"]);
});

test("a full tablet keeps nothing and says so", async () => {
  const { db, clock, desk, outbox } = await tablet();
  const transaction = db.transaction.bind(db);
  db.transaction = ((...args: Parameters<typeof transaction>) => {
    if (args[1] === "readwrite") throw new DOMException("full", "QuotaExceededError");
    return transaction(...args);
  }) as typeof db.transaction;

  const stated = await say(desk, { kind: "handover", runId: "run_1", deliveries: [CLEO] });

  assert.equal(stated.problem?.code, "storage_full");
  assert.equal(outbox.view().unsent, 0);
  assert.deepEqual((await readHanded(db, clock.now())).entries, []);
});

test("more than twenty deliveries are several statements, each delivery once", async () => {
  const { desk, envelopes } = await tablet({ rule: takes });
  const deliveries = Array.from({ length: 45 }, (_, at) => named(at.toString(16).padStart(16, "0")));

  await say(desk, { kind: "handover", runId: "run_1", deliveries });
  await settled();

  const statements = await envelopes();
  assert.deepEqual(statements.map((one) => one.deliveries.length), [20, 20, 5]);
  assert.deepEqual(statements.flatMap((one) => one.deliveries), deliveries.map(({ handle }) => handle));
});

test("of more nonces than the server takes the latest are named", async () => {
  const { desk, envelopes } = await tablet({ rule: takes });
  const shown = Array.from({ length: 240 }, (_, at) => at.toString(16).padStart(16, "0"));

  await say(desk, { kind: "handover", runId: "run_1", deliveries: [CLEO], shown });
  await settled();

  assert.deepEqual((await envelopes())[0]?.shown, shown.slice(40));
});

test("without a key the clerk's word goes to the server as it is, and a scanned code cannot be vouched for", async () => {
  const { desk, http } = await tablet({ rule: () => ({ status: "done", value: { result: {}, state: deskState() } }), hasKey: false });

  const stated = await say(desk, { kind: "handover", runId: "run_1", deliveries: [CLEO], shown: ["00112233445566ff"] });
  await settled();
  const unknown = await say(desk, { kind: "handover", runId: null, deliveries: [CLEO] });

  assert.equal(stated.problem, null);
  assert.equal(http.calls[0]?.path, "/handovers");
  assert.deepEqual((http.calls[0]?.body as { nonces: string[] }).nonces, ["00112233445566ff"]);
  assert.equal(unknown.problem?.code, "desk_key_lost");
});

test("what the server says to a statement is told to whoever asks", async () => {
  const { desk } = await tablet({ rule: () => refusal(422, "invalid_input") });

  const stated = await say(desk, { kind: "handover", runId: "run_1", deliveries: [CLEO] });
  const outcomes = stated.problem === null ? await stated.answers : [];

  assert.deepEqual(outcomes.map((outcome) => outcome.status === "refused" && outcome.problem.code), ["invalid_input"]);
});

test("a locked tablet says nothing", async () => {
  const { desk, view, outbox } = await tablet();
  view.value = { ...view.value, state: lockedState() };

  const stated = await say(desk, { kind: "handover", runId: "run_1", deliveries: [CLEO] });

  assert.equal(stated.problem?.code, "not_signed_in");
  assert.equal(outbox.view().unsent, 0);
});
