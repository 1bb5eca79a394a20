import assert from "node:assert/strict";
import { test } from "node:test";
import { type Storage, recall, remember } from "./memory";

const DAY = 24 * 3_600 * 1_000;
const memory = { head: "ab", anchor: "cd", key: null };

function fakeStorage(kept: Record<string, string> = {}): Storage & { kept: Map<string, string> } {
  const map = new Map(Object.entries(kept));
  return {
    kept: map,
    get length() {
      return map.size;
    },
    key: (index) => [...map.keys()][index] ?? null,
    getItem: (name) => map.get(name) ?? null,
    setItem: (name, value) => void map.set(name, value),
    removeItem: (name) => void map.delete(name),
  };
}

test("what held is remembered by delivery", () => {
  const storage = fakeStorage();
  remember(storage, "one", memory, 5);

  assert.deepEqual(recall(storage, "one"), memory);
  assert.equal(recall(storage, "other"), null);
});

test("what is older than a month is forgotten, and nothing of others", () => {
  const storage = fakeStorage({ theirs: "stays", "mallrun-proof:torn": "{" });
  remember(storage, "old", memory, 0);
  remember(storage, "young", memory, 5 * DAY);
  remember(storage, "new", memory, 31 * DAY);

  assert.deepEqual([...storage.kept.keys()].sort(), ["mallrun-proof:new", "mallrun-proof:young", "theirs"]);
});

test("what cannot be read is as if it were not there", () => {
  for (const text of ["{", "[]", "{}", '{"head":1,"anchor":null,"key":null,"at":1}']) {
    assert.equal(recall(fakeStorage({ "mallrun-proof:x": text }), "x"), null);
  }
});
