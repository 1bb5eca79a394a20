import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveView } from "../lib/store";
import type { DeskState } from "./api";
import { CARL, deskState, lockedState, NINA } from "./samples";
import { boardOf, lockedOf, shownView } from "./shown";

const heard = (state: DeskState | null): LiveView<DeskState> => ({ state, freshness: "offline", lastAt: 9, problem: null });

test("without a sign-in of the tablet's own the screens see what the server said", () => {
  const view = heard(deskState());

  assert.equal(shownView(view, null, null), view);
  assert.equal(shownView(view, CARL, boardOf(deskState(), 5)), view, "the server has signed Carl in already");
});

test("a clerk whom the tablet has signed in sees the last known board, with its time", () => {
  const shown = shownView(heard(lockedState({ counts: { to_pack: 9, ready: 9, arriving: 9 } })), NINA, boardOf(deskState(), 5));

  assert.equal(shown.state?.clerk, NINA);
  assert.deepEqual(shown.state?.ready, deskState().ready);
  assert.deepEqual(shown.state?.counts, { to_pack: 0, ready: 2, arriving: 1 });
  assert.equal(shown.lastAt, 5);
});

test("without a known board the lists are empty and as of no time", () => {
  const shown = shownView(heard(lockedState()), NINA, null);

  assert.deepEqual(shown.state?.ready, []);
  assert.equal(shown.lastAt, null);
});

test("a tablet that knows no store has nothing to show", () => {
  assert.equal(shownView(heard(null), NINA, null).state, null);
});

test("a locked state tells no board, and nothing in it is of a person", () => {
  assert.equal(boardOf(lockedState(), 5), null);
  assert.doesNotMatch(JSON.stringify(lockedOf(deskState())), /Cleo|Dina|Carl"/);
});
