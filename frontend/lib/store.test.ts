import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeptState } from "./database";
import { fakeClock, fakeEvents, fakeHttp, noAnswer, refusal, type SeenCall, settled } from "./fakes";
import type { Fetched } from "./http";
import type { LiveSocketOptions } from "./socket";
import { createLiveState, type LiveDocument } from "./store";

type Rule = (call: SeenCall) => Fetched<unknown> | Promise<Fetched<unknown>>;

const document = (rev: string): LiveDocument => ({ rev, server_time: "2026-11-22T18:00:00.000Z", socket: { ticket: `ticket-${rev}` } });
const fresh = (rev: string): Fetched<LiveDocument> => ({ status: "fresh", value: document(rev), etag: `"${rev}"`, sentAt: 0, receivedAt: 0 });

function screen(rule: Rule, kept?: KeptState) {
  let answer = rule;
  let socket: LiveSocketOptions | undefined;
  const saved: KeptState[] = [];
  const [clock, events] = [fakeClock(), fakeEvents()];
  const http = fakeHttp((call) => answer(call));
  const keeper = { load: async () => kept, save: async (next: KeptState) => void saved.push(next) };
  const live = createLiveState<LiveDocument>({
    http, clock, events, keeper, chance: () => 0.5,
    createSocket: (options) => {
      socket = options;
      return { id: () => null, open: () => undefined, close: () => undefined };
    },
  });
  const setServer = (next: Rule): void => {
    answer = next;
  };
  return { live, clock, events, http, saved, socket: () => socket!, setServer };
}

test("what was kept is painted before the server answers", async () => {
  const kept = { value: document("0"), etag: '"0"', saved_at: 5, synced_at: null, offset_ms: 0 };
  const { live, http } = screen(() => new Promise(() => undefined), kept);

  live.start();
  await settled();

  assert.equal(live.view().state?.rev, "0");
  assert.equal(live.view().lastAt, 5);
  assert.equal(http.calls[0]!.etag, '"0"');
});

test("without a socket the state is polled every five seconds", async () => {
  const { live, clock, http, setServer } = screen(() => fresh("1"));
  live.start();
  await settled();
  assert.equal(live.view().freshness, "polling");
  setServer(() => ({ status: "unchanged" }));

  await clock.move(15_000);

  assert.equal(http.calls.length, 4);
  assert.equal(http.calls.at(-1)!.etag, '"1"');
});

test("with a socket a change is fetched at once and otherwise every thirty seconds", async () => {
  const { live, clock, http, socket, setServer } = screen(() => fresh("1"));
  live.start();
  await settled();
  socket().onConnected(true);
  await settled();
  assert.equal(live.view().freshness, "live");
  const before = http.calls.length;

  setServer(() => fresh("2"));
  socket().onChanged({ v: 1, entity: "run", id: "run_1", rev: 2, at: "" });
  await settled();
  assert.equal(live.view().state?.rev, "2");
  await clock.move(29_000);
  assert.equal(http.calls.length, before + 1);
  await clock.move(2_000);

  assert.equal(http.calls.length, before + 2);
});

test("many changes in one answer's time cost one more fetch", async () => {
  const { live, http, socket } = screen(() => fresh("1"));
  live.start();
  await settled();
  const before = http.calls.length;

  for (let n = 0; n < 10; n += 1) socket().onChanged({ v: 1, entity: "run", id: "run_1", rev: n, at: "" });
  await settled();

  assert.equal(http.calls.length, before + 2);
});

test("no answer means offline, with what was known still shown", async () => {
  const { live, clock, setServer } = screen(() => fresh("1"));
  live.start();
  await settled();

  setServer(noAnswer);
  await clock.move(6_000);
  assert.equal(live.view().freshness, "offline");
  assert.equal(live.view().state?.rev, "1");
  setServer(() => fresh("2"));
  await clock.move(40_000);

  assert.equal(live.view().freshness, "polling");
  assert.equal(live.view().state?.rev, "2");
});

test("a refusal is shown as it is", async () => {
  const { live } = screen(() => refusal(401, "not_signed_in") as Fetched<unknown>);

  live.start();
  await settled();

  assert.equal(live.view().problem?.code, "not_signed_in");
});

test("a fetch from before a command's answer does not undo it", async () => {
  let finish: (value: Fetched<unknown>) => void = () => undefined;
  const { live, setServer } = screen(() => new Promise((resolve) => (finish = resolve)));
  live.start();
  await settled();

  live.replace(document("after"));
  setServer(() => fresh("later"));
  finish(fresh("before"));
  await settled();

  assert.equal(live.view().state?.rev, "later");
});

test("the revision that a command's answer brought is not sent again", async () => {
  const { live, http, setServer } = screen(() => fresh("1"));
  live.start();
  await settled();
  setServer(() => ({ status: "unchanged" }));

  live.replace(document("2"));
  await live.refresh();

  assert.equal(http.calls.at(-1)!.etag, 'W/"2"');
  assert.equal(live.view().state?.rev, "2");
});

test("an unchanged state is kept too: it may not have been allowed to be kept when it came", async () => {
  const { live, clock, saved, setServer } = screen(() => fresh("1"));
  live.start();
  await settled();
  setServer(() => ({ status: "unchanged" }));
  live.replace(document("2"));
  await settled();
  const before = saved.length;

  await clock.move(1_000);
  await live.refresh();

  assert.equal(saved.length, before + 1);
  assert.equal((saved.at(-1)!.value as LiveDocument).rev, "2");
  assert.equal(saved.at(-1)!.saved_at, clock.now());
});

test("each connection gets a ticket of its own", async () => {
  const { live, http, socket, setServer } = screen(() => fresh("1"));
  live.start();
  await settled();
  const first = await socket().ticket();
  setServer(() => fresh("2"));

  const second = await socket().ticket();

  assert.deepEqual([first, second], ["ticket-1", "ticket-2"]);
  assert.equal(http.calls.at(-1)!.etag, null);
});

test("whoever is not known here is not asked for again and again, until a command's answer brings a state", async () => {
  const { live, clock, http, setServer } = screen(() => refusal(401, "not_signed_in") as Fetched<unknown>);
  live.start();
  await settled();
  await clock.move(120_000);
  assert.equal(http.calls.length, 1);

  setServer(() => fresh("2"));
  live.replace(document("1"));
  await clock.move(5_000);

  assert.equal(live.view().state?.rev, "2");
  assert.equal(live.view().problem, null);
});

test("a hidden page does not ask, and asks when it comes back", async () => {
  const { live, clock, events, http } = screen(() => fresh("1"));
  live.start();
  await settled();
  events.setVisible(false);
  await clock.move(60_000);
  assert.equal(http.calls.length, 1);

  events.setVisible(true);
  events.fireForeground();
  await settled();

  assert.equal(http.calls.length, 2);
});

test("the last state is kept for the next start and stopping stops", async () => {
  const { live, clock, http, saved } = screen(() => fresh("1"));
  const stop = live.start();
  await settled();
  assert.equal((saved.at(-1)!.value as LiveDocument).rev, "1");

  stop();
  await clock.move(60_000);

  assert.equal(http.calls.length, 1);
});
