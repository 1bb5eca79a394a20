import assert from "node:assert/strict";
import { test } from "node:test";
import { createClock } from "../lib/clock";
import type { Http, Posted } from "../lib/http";
import { problemFor } from "../lib/problems";
import { createSaver } from "./saving";

const unreachable = { status: "unreachable", problem: problemFor("needs_connection"), reason: "network" } as const;
const refused = { status: "refused", problem: problemFor("not_signed_in"), retryAfterS: null } as const;
const done = { status: "done", value: { result: {}, state: { rev: "8" } } } as const;

/** A saver whose posts get the given answers in turn, and the bodies that were sent. */
function saverWith(...answers: object[]) {
  const bodies: Record<string, unknown>[] = [];
  const post = async (_path: string, body: object) => {
    bodies.push(body as Record<string, unknown>);
    return answers[bodies.length - 1] as Posted<never>;
  };
  let made = 0;
  const clock = createClock({ now: () => 1_000, after: () => () => undefined });
  return { save: createSaver({ post } as unknown as Http, clock, () => `id-${++made}`), bodies };
}

const wish = { instructions: "Ring twice", leave_at_door: false };

test("the same wish keeps its id until it is answered", async () => {
  const { save, bodies } = saverWith(unreachable, done, done);

  assert.deepEqual(await save(wish), { problem: unreachable.problem, isUnanswered: true });
  assert.deepEqual(await save({ ...wish }), { state: { rev: "8" } });
  await save(wish);

  assert.deepEqual(bodies.map((body) => body["command_id"]), ["id-1", "id-1", "id-2"]);
  assert.equal(bodies[0]!["occurred_at"], "1970-01-01T00:00:01.000Z");
});

test("another wish, or one that was refused, gets a new id", async () => {
  const { save, bodies } = saverWith(unreachable, refused, done);

  await save(wish);
  assert.deepEqual(await save({ ...wish, leave_at_door: true }), { problem: refused.problem, isUnanswered: false });
  await save({ ...wish, leave_at_door: true });

  assert.deepEqual(bodies.map((body) => body["command_id"]), ["id-1", "id-2", "id-3"]);
});
