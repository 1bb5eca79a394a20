import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeHttp } from "../lib/fakes";
import { stateOf } from "./samples";
import { createSession } from "./session";

test("nothing is sent before the server has said who is signed in", async () => {
  const http = fakeHttp(({ method }) => (method === "GET" ? { status: "unchanged" } : { status: "done", value: null }));
  const session = createSession(http);

  assert.equal(session.confirm(stateOf()), false);
  assert.equal((await session.guarded.post("/duty", {})).status, "unreachable");
  await session.watched.get("/state");
  assert.equal(session.confirm(stateOf()), true);
  assert.equal((await session.guarded.post("/duty", {})).status, "done");
});
