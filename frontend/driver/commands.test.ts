import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { type SeenCall, fakeClock, fakeEvents, fakeHttp, noAnswer, refusal, settled } from "../lib/fakes";
import type { Posted } from "../lib/http";
import { createLock } from "../lib/lock";
import { createOutbox } from "../lib/outbox";
import { dropDatabases, testDatabase } from "../lib/test-database";
import { createCommands } from "./commands";
import { HANDLES, dropoff, pickup, pickupDelivery, runOf, stateOf } from "./samples";

const DOOR = dropoff("stp_3", 3);
const COUNTER = pickup("stp_1", 1, [pickupDelivery(HANDLES.maria, 2)]);
const RUN = runOf([COUNTER, DOOR]);

async function phone(answer: (call: SeenCall) => Posted<unknown>) {
  const db = await testDatabase("mallrun-driver");
  const [clock, events] = [fakeClock(), fakeEvents()];
  let rule = answer;
  const http = fakeHttp((call) => rule(call));
  const outbox = createOutbox<ReturnType<typeof stateOf>>({
    db, http, clock, events, lock: createLock("outbox", undefined), userId: () => "per_dina", chance: () => 1,
  });
  const at = new Date(clock.now() - 90_000).toISOString();
  const fix = () => ({ lat: 1, lon: 2, accuracy_m: 3, heading_deg: null, speed_mps: null, at });
  return { db, clock, http, outbox, commands: createCommands({ outbox, http, db, clock, fix, speaker: () => null }), setServer: (next: typeof answer) => (rule = next) };
}

afterEach(async () => {
  await settled();
  await dropDatabases();
});

test("a manager's code is told to be right or wrong; nobody to ask lets the driver go on", async () => {
  const answers = [
    { status: "done", value: { result: {}, state: stateOf() } },
    refusal(403, "manager_code_wrong"),
    refusal(409, "manager_code_unset"),
    refusal(500, "server_error"),
    noAnswer(),
  ] as Posted<unknown>[];
  const { commands, http } = await phone(() => answers.shift()!);

  const checked = [];
  for (const code of ["1", "2", "3", "4", "5"]) checked.push(await commands.checkManagerCode("stp_1", code.repeat(6)));

  const said = checked.map((each) => ("problem" in each ? each.problem.code : each.code));
  assert.deepEqual(said, ["111111", "manager_code_wrong", null, "444444", "555555"]);
  assert.ok(http.calls.every(({ path }) => path === "/stops/stp_1/manager-code"));
});

const photoTaken = ({ path }: SeenCall): Posted<unknown> => ({
  status: "done",
  value: { result: path === "/photos" ? { photo_id: "prf_1" } : { level: "E1" }, state: stateOf() },
});
const photo = (): Blob => new Blob(["jpeg"], { type: "image/jpeg" });
const photoIdOf = (call: SeenCall | undefined): unknown => (call?.body as { evidence: { photo_id: string } } | undefined)?.evidence.photo_id;

test("a delivery names the photo that was sent before it", async () => {
  const { commands, http } = await phone(photoTaken);

  const outcome = await commands.deliverWithPhoto(DOOR, RUN, photo());

  assert.equal(outcome.status, "done");
  assert.deepEqual(http.calls.map(({ path }) => path), ["/photos", "/stops/stp_3/deliver"]);
  assert.equal(photoIdOf(http.calls[1]), "prf_1");
});

test("without signal photo and delivery wait together and leave in order", async () => {
  const { commands, http, clock, outbox, setServer } = await phone(noAnswer);

  assert.equal((await commands.deliverWithPhoto(DOOR, RUN, photo())).status, "queued");
  assert.deepEqual(outbox.view().pending.map(({ path }) => path), ["/photos", "/stops/stp_3/deliver"]);
  setServer(photoTaken);
  await clock.move(60_000);

  assert.equal(photoIdOf(http.calls.at(-1)), "prf_1");
  assert.equal(outbox.view().unsent, 0);
});

test("a refused photo refuses its delivery with the same words", async () => {
  const { commands } = await phone(() => refusal(422, "photo_unreadable"));

  const outcome = await commands.deliverWithPhoto(DOOR, RUN, photo());

  assert.ok(outcome.status === "refused" && outcome.problem.code === "photo_unreadable");
});

test("a scanned nonce is kept with its step", async () => {
  const { commands } = await phone(noAnswer);
  const code = { kind: "release_code", text: "MP1:X", nonce: "aa", parcels: {}, labels: [] } as const;
  await commands.collect(COUNTER, RUN, code);
  await commands.collect(COUNTER, RUN, { kind: "short_code", text: "K7QX2M" });

  assert.deepEqual(await commands.usedNonces(), ["aa"]);
  const again = await commands.collect(COUNTER, RUN, code);
  assert.ok(again.status === "refused" && again.problem.code === "already_used");
});

test("a claim without signal is not kept for later", async () => {
  const { commands, outbox } = await phone(noAnswer);

  const outcome = await commands.claim("run_1");

  assert.ok(outcome.status === "refused" && outcome.problem.code === "needs_connection");
  assert.equal(outbox.view().unsent, 0);
});

test("a position older than a minute is not claimed for a step", async () => {
  const { commands, http } = await phone(photoTaken);
  await commands.arrive("stp_1");

  assert.equal((http.calls[0]!.body as { position: unknown }).position, null);
});
