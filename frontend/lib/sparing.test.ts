import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeHttp, noAnswer, refusal } from "./fakes";
import type { Posted } from "./http";
import { sparingNudges } from "./sparing";

async function sent(answer: Posted<unknown>, socket: string | null = "s1") {
  let fetched = 0;
  const http = fakeHttp(() => answer);
  const sparing = sparingNudges(http, {
    socketId: () => socket,
    refresh: async () => void (fetched += 1),
  });
  const posted = await sparing.post("/runs/1/claim", {}, { sender: "per_dina" });
  return { call: http.calls[0]!, posted, fetched };
}

const WITH_STATE = { status: "done", value: { result: {}, state: { rev: "2" } } } as const;

test("a command names the page that reads its answer, beside whose it is", async () => {
  const { call, posted, fetched } = await sent(WITH_STATE);

  assert.deepEqual([call.socket, call.sender], ["s1", "per_dina"]);
  assert.equal(posted, WITH_STATE);
  assert.equal(fetched, 0);
});

for (const [name, answer] of [
  ["lost", noAnswer()],
  ["a refusal, which may have counted something", refusal(422, "wrong_pin")],
  ["a success that brings no state", { status: "done", value: { photo_id: "pho_1" } }],
  ["empty", { status: "done", value: null }],
] as const) {
  test(`an answer that is ${name} has the state fetched, because no nudge comes`, async () => {
    assert.equal((await sent(answer)).fetched, 1);
  });
}

test("without a connection nothing is named and nothing fetched: nobody would have nudged", async () => {
  const { call, fetched } = await sent(noAnswer(), null);

  assert.deepEqual([call.socket, fetched], [null, 0]);
});
