import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { fakeClock, fakeHttp, noAnswer, refusal, type SeenCall, settled } from "../lib/fakes";
import type { Posted } from "../lib/http";
import type { LiveView } from "../lib/store";
import { dropDatabases, testDatabase } from "../lib/test-database";
import type { DeskState } from "./api";
import { createClerkCodes } from "./clerk-codes";
import { createClerkSession } from "./clerk-session";
import { CARL, deskState, lockedState, NINA } from "./samples";

const [CARLS, NINAS] = ["204816", "135790"] as const;
const CODES: Record<string, typeof CARL> = { [CARLS]: CARL, [NINAS]: NINA };
const HOUR = 3_600_000;

/** A server that knows both clerks. */
function answer(call: SeenCall): Posted<unknown> {
  const clerk = CODES[(call.body as { code?: string }).code ?? ""];
  if (call.path === "/lock") return { status: "done", value: { result: {}, state: lockedState() } };
  if (!clerk) return refusal(403, "clerk_code_wrong");
  return { status: "done", value: { result: { clerk_id: clerk.id }, state: deskState({ clerk }) } };
}

async function tablet(clock = fakeClock()) {
  const db = await testDatabase("mallrun-desk");
  const view: LiveView<DeskState> = { state: lockedState(), freshness: "live", lastAt: clock.now(), problem: null };
  const server = { answer: answer as (call: SeenCall) => Posted<unknown> };
  const http = fakeHttp((call) => server.answer(call));
  const live = {
    view: () => view,
    refresh: () => Promise.resolve(),
    replace: (state: DeskState) => void (view.state = state),
  };
  const session = await createClerkSession({ db, http, clock, live, codes: createClerkCodes({ db, clock }) });
  const setOnline = (isOnline: boolean): void => {
    server.answer = isOnline ? answer : noAnswer;
    view.freshness = isOnline ? "live" : "offline";
  };
  return { db, clock, http, view, server, session, setOnline };
}

/** Carl and Nina have both signed in with signal, Nina last; then the tablet was locked and the signal went. */
async function withoutSignal() {
  const here = await tablet();
  await here.session.signIn(CARLS);
  await here.session.signIn(NINAS);
  await here.session.lock();
  here.setOnline(false);
  return here;
}

afterEach(async () => {
  await settled();
  await dropDatabases();
});

test("with signal the server signs in, and the lists come with its answer", async () => {
  const { session, view } = await tablet();

  assert.equal(await session.signIn(CARLS), null);

  assert.equal(view.state?.clerk?.id, CARL.id);
  assert.equal(session.offline.value, null);
  assert.equal(session.isLockedHere.value, false);
});

test("without signal the tablet signs in by itself, also when the server answers with its own failure", async () => {
  const { session, server } = await withoutSignal();

  assert.equal(await session.signIn(CARLS), null);
  assert.equal(session.offline.value?.clerk.id, CARL.id);
  assert.equal(session.isLockedHere.value, false);

  await session.lock();
  server.answer = () => refusal(503, "server_error");
  assert.equal(await session.signIn(NINAS), null);
  assert.equal(session.offline.value?.clerk.id, NINA.id);
});

test("the last of five wrong codes says that only signal helps", async () => {
  const { session, setOnline } = await withoutSignal();
  const codes: (string | undefined)[] = [];
  for (let n = 0; n < 5; n += 1) codes.push((await session.signIn("000001"))?.code);

  assert.deepEqual(codes, [...Array(4).fill("clerk_code_unknown_here"), "desk_locked_here"]);
  assert.equal(session.isOutOfTries.value, true);
  assert.equal((await session.signIn(CARLS))?.code, "desk_locked_here");

  setOnline(true);
  assert.equal(await session.signIn(CARLS), null);
  assert.equal(session.isOutOfTries.value, false);
});

test("wrong codes that were typed without signal are reported once the server answers, and once only", async () => {
  const { session, http, server, setOnline } = await withoutSignal();
  for (const code of ["000001", "000002"]) await session.signIn(code);
  const reports = () => http.calls.filter(({ path }) => path === "/wrong-codes").map(({ body }) => body as { command_id: string; count: number });
  server.answer = (call) => (call.path === "/wrong-codes" ? noAnswer() : answer(call));
  await session.hear(lockedState());
  server.answer = (call) => (call.path === "/wrong-codes" ? { status: "done", value: { result: {}, state: lockedState() } } : answer(call));

  await session.hear(lockedState());
  setOnline(true);
  await session.hear(lockedState());

  assert.deepEqual(reports().map(({ count }) => count), [2, 2]);
  assert.equal(reports()[0]!.command_id, reports()[1]!.command_id);
});

test("a right code without signal leaves no wrong ones to report", async () => {
  const { session, http, setOnline } = await withoutSignal();
  for (const code of ["000001", CARLS]) await session.signIn(code);
  setOnline(true);

  await session.hear(lockedState());

  assert.ok(http.calls.every(({ path }) => path !== "/wrong-codes"));
});

test("a tablet on which nobody signed in with signal says so, and counts no try", async () => {
  const { session, setOnline } = await tablet();
  setOnline(false);

  for (let n = 0; n < 6; n += 1) assert.equal((await session.signIn("000001"))?.code, "no_clerk_known_here");

  assert.equal(session.isOutOfTries.value, false);
});

test("once the server answers it is asked to accept the same code, once", async () => {
  const { session, setOnline, http, view } = await withoutSignal();
  await session.signIn(CARLS);
  setOnline(true);
  http.calls.length = 0;

  await Promise.all([session.hear(lockedState()), session.hear(lockedState())]);

  assert.deepEqual(http.calls.map(({ path }) => path), ["/sign-in"]);
  assert.equal(view.state?.clerk?.id, CARL.id);
  assert.equal(session.offline.value, null);
});

test("when the server refuses the code the tablet locks, says why, and forgets the code", async () => {
  const { session, setOnline, server } = await withoutSignal();
  await session.signIn(CARLS);
  setOnline(true);
  server.answer = (call) => (call.path === "/lock" ? noAnswer() : refusal(403, "clerk_code_wrong"));

  await session.hear(lockedState());

  assert.equal(session.offline.value, null);
  assert.equal(session.isLockedHere.value, true);
  assert.equal(session.lockedBecause.value?.code, "clerk_code_wrong");
  setOnline(false);
  assert.equal((await session.signIn(CARLS))?.code, "clerk_code_unknown_here");
});

test("a clerk stays signed in while the server cannot decide", async () => {
  for (const passing of [noAnswer(), refusal(503, "server_error"), refusal(429, "too_many_requests")]) {
    const { session, setOnline, server } = await withoutSignal();
    await session.signIn(CARLS);
    setOnline(true);
    server.answer = () => passing;

    await session.hear(lockedState());

    assert.equal(session.offline.value?.clerk.id, CARL.id);
  }
});

test("somebody whom the server still believes here does not open the tablet after a sign-in without signal", async () => {
  const first = await withoutSignal();
  await first.session.signIn(CARLS);

  const reloaded = await tablet(first.clock);

  assert.equal(reloaded.session.isLockedHere.value, true);
  assert.equal(reloaded.session.offline.value, null);
});

test("a sign-in ends after twelve hours, with or without a sign-in of the tablet's own", async () => {
  const alone = await withoutSignal();
  await alone.session.signIn(CARLS);
  await alone.clock.move(12 * HOUR - 1);
  alone.session.endInTime();
  assert.equal(alone.session.isLockedHere.value, false);
  await alone.clock.move(1);
  alone.session.endInTime();
  assert.equal(alone.session.isLockedHere.value, true);
  assert.equal(alone.session.lockedBecause.value?.code, "clerk_sign_in_old");

  const left = await tablet(alone.clock);
  await left.session.signIn(NINAS);
  await left.session.hear(deskState({ clerk: NINA }));
  left.setOnline(false);
  await left.clock.move(12 * HOUR);
  left.session.endInTime();
  assert.equal(left.session.isLockedHere.value, true);
});

test("while the server answers it is the one that ends a sign-in", async () => {
  const { session, clock } = await tablet();
  await session.signIn(NINAS);
  await session.hear(deskState({ clerk: NINA }));
  await clock.move(13 * HOUR);

  session.endInTime();

  assert.equal(session.isLockedHere.value, false);
});

test("an answer to locking that comes late undoes no sign-in", async () => {
  const { session, server, view } = await tablet();
  await session.signIn(CARLS);
  let release: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (release = resolve));
  server.answer = ((call: SeenCall) => (call.path === "/lock" ? late.then(() => answer(call)) : answer(call))) as never;

  const locking = session.lock();
  await session.signIn(NINAS);
  release();
  await locking;

  assert.equal(view.state?.clerk?.id, NINA.id);
});
