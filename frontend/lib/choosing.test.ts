import assert from "node:assert/strict";
import { test } from "node:test";
import { createChooser } from "./choosing";

const POSTER = "https://example.com/menu";

test("a code of ours is told at once, wherever it stands among others", () => {
  assert.equal(createChooser().choose(["MP1:A"], 0), "MP1:A");
  assert.equal(createChooser().choose([POSTER, "MP1:A", "MP1:B"], 0), "MP1:A");
});

test("a code of somebody else is told only when ours does not turn up", () => {
  const chooser = createChooser();

  assert.equal(chooser.choose([POSTER], 0), null);
  assert.equal(chooser.choose([POSTER], 50), null);
  assert.equal(chooser.choose([POSTER, "MP1:A"], 100), "MP1:A");
  assert.equal(chooser.choose([POSTER], 150), null);
  assert.equal(chooser.choose([], 200), null);
  assert.equal(chooser.choose([POSTER], 250), null);
  assert.equal(chooser.choose([POSTER], 300), POSTER);
});

test("several codes of ours are told one after the other", () => {
  const chooser = createChooser();

  assert.equal(chooser.choose(["MP1:LABEL", "MP1:A"], 0), "MP1:LABEL");
  assert.equal(chooser.choose(["MP1:LABEL", "MP1:A"], 50), "MP1:A");
  assert.equal(chooser.choose(["MP1:LABEL", "MP1:A"], 100), null);
});

test("the same text is told again after two seconds", () => {
  const chooser = createChooser();
  chooser.choose(["MP1:A"], 0);

  assert.equal(chooser.choose(["MP1:A"], 1_999), null);
  assert.equal(chooser.choose(["MP1:B"], 1_999), "MP1:B");
  assert.equal(chooser.choose(["MP1:A"], 2_000), "MP1:A");
});
