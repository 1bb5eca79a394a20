import assert from "node:assert/strict";
import { test } from "node:test";
import vectors from "../../tests/vectors/proof.json";
import { toHex } from "../lib/bytes";
import { exportPublicKey, generateKeys, sign } from "../lib/signing";
import { EMPTY_HEAD, leafHash, nextHead } from "./tree";
import { type Failed, type Held, type Memory, verifyProof } from "./verify";

interface Document {
  devices: { kid: string; public_key: string }[];
  server_keys: { kid: string; public_key: string }[];
  checkpoint: { note: string; kid: string; signature: string } | null;
  earlier: { note: string; path: string[] } | null;
  events: { record: string | null; leaf: string; head: string; position: number | null; path: string[] | null; envelope: string | null }[];
}

const parse = (text: string) => JSON.parse(text) as Document;
const write = (document: object) => JSON.stringify(document);
const copy = () => parse(vectors.proof);

async function held(text: string, memory: Memory | null = null): Promise<Held> {
  const verdict = await verifyProof(text, memory);
  assert.ok(verdict.holds, JSON.stringify(verdict));
  return verdict;
}

async function failed(document: object, memory: Memory | null = null): Promise<Failed> {
  const verdict = await verifyProof(write(document), memory);
  assert.ok(!verdict.holds);
  return verdict;
}

/** What a device keeps after the earlier proof, whose checkpoint is not the newest any more. */
async function early(): Promise<Memory> {
  return { ...(await held(vectors.early)).memory, anchor: vectors.anchor };
}

test("a real proof holds, and says what it covers", async () => {
  const { events, hidden, signed, covered, size, memory } = await held(vectors.proof);

  assert.deepEqual({ hidden, signed, size, isCovered: covered === events }, { hidden: 3, signed: 1, size: 12, isCovered: true });
  assert.equal(memory.key, vectors.key);
  assert.equal(memory.head, copy().events.at(-1)!.head);
});

test("an event that waits for its checkpoint is no fault", async () => {
  const { events, covered } = await held(vectors.early);

  assert.equal(events - covered, 1);
});

test("before the first checkpoint nothing is signed, and the chain is checked all the same", async () => {
  const document = { ...copy(), checkpoint: null, earlier: null };
  for (const event of document.events) Object.assign(event, { position: null, path: null });

  assert.deepEqual((await held(write(document))).memory, { head: document.events.at(-1)!.head, anchor: null, key: null });
});

/** Every value of a document with its path, as `["events", 3, "leaf"]`. */
function* places(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  if (typeof value !== "object" || value === null) {
    if (value !== null) yield path;
    return;
  }
  for (const [name, inside] of Object.entries(value)) yield* places(inside, [...path, Array.isArray(value) ? Number(name) : name]);
}

function flipped(path: (string | number)[]): object {
  const document = copy() as unknown as Record<string | number, never>;
  const last = path.at(-1)!;
  const inside = path.slice(0, -1).reduce((found, name) => found[name]!, document);
  const value: unknown = inside[last];
  const middle = String(value).length >> 1;
  const turn = (text: string) => text.slice(0, middle) + String.fromCharCode(text.charCodeAt(middle) ^ 1) + text.slice(middle + 1);
  inside[last] = (typeof value === "number" ? value ^ 1 : turn(String(value))) as never;
  return document;
}

test("one bit turned in any member is found", async () => {
  const memory = await early();
  const members = [...places(copy())];

  for (const member of members) {
    const verdict = await verifyProof(write(flipped(member)), memory);
    assert.equal(verdict.holds, false, member.join("/"));
  }
  assert.ok(members.length > 60);
});

test("exactly what fails is named", async () => {
  const events = copy().events;
  const without = (place: number) => ({ ...copy(), events: events.filter((_, index) => index !== place) });
  const changed = (at: number, more: object) => ({ ...copy(), events: events.map((event, index) => (index === at ? { ...event, ...more } : event)) });

  assert.deepEqual(await failed(changed(0, { record: events[0]!.record!.replace("2", "3") })), { holds: false, step: "records", fault: "record_changed", event: 1 });
  assert.deepEqual(await failed(without(1)), { holds: false, step: "records", fault: "wrong_place", event: 3 });
  assert.deepEqual(await failed(changed(1, { leaf: events[2]!.leaf })), { holds: false, step: "chain", fault: "chain_broken", event: 2 });
  assert.deepEqual(await failed(changed(1, { position: 3, path: events[2]!.path })), { holds: false, step: "log", fault: "not_in_log", event: 2 });
  assert.deepEqual(await failed({ ...copy(), checkpoint: null, earlier: null }), { holds: false, step: "log", fault: "no_checkpoint", event: 1 });
  assert.deepEqual(await failed({ ...copy(), server_keys: [] }), { holds: false, step: "signature", fault: "unknown_key", event: null });
  assert.deepEqual(await failed({ ...copy(), delivery: "0000000000000000" }), { holds: false, step: "records", fault: "other_delivery", event: 1 });
  assert.deepEqual(await failed({ v: 1 }), { holds: false, step: "records", fault: "unreadable", event: null });
  for (const text of ["", "[]", "null", '{"v":2}']) assert.equal((await verifyProof(text, null)).holds, false);
});

test("what a device signed is held to the record and to its key", async () => {
  const place = copy().events.findIndex((event) => event.envelope !== null);
  const mallory = await exportPublicKey((await generateKeys()).publicKey);
  const fault = async (change: (document: Document) => void) => {
    const document = copy();
    change(document);
    return (await failed(document)).fault;
  };

  assert.equal(await fault((proof) => proof.devices.pop()), "statement_changed");
  assert.equal(await fault((proof) => (proof.devices[0]!.public_key = mallory)), "statement_changed");
  assert.equal(await fault((proof) => (proof.events[place]!.envelope = "a.b.c")), "statement_changed");
  assert.equal(await fault((proof) => (proof.events[1]!.envelope = proof.events[place]!.envelope)), "statement_changed");
  assert.equal(await fault((proof) => (proof.events[place]!.envelope = null)), "unreadable");
});

test("a history that was written anew fails at the signed log", async () => {
  const document = copy();
  let head = EMPTY_HEAD;
  for (const event of document.events) {
    if (event.record) {
      event.record = event.record.replace("refused", "unsafe");
      event.leaf = toHex(await leafHash(event.record));
    }
    head = await nextHead(head, Uint8Array.from(event.leaf.match(/../g)!, (pair) => Number.parseInt(pair, 16)));
    event.head = toHex(head);
  }

  assert.equal((await failed(document)).step, "log");
});

test("what this device saw before must be in what it sees now", async () => {
  const memory = await early();

  await held(vectors.proof, memory);
  await held(vectors.early, { ...memory, anchor: (await held(vectors.early)).memory.anchor });

  const fault = async (document: object, known: Memory) => (await failed(document, known)).fault;
  assert.equal(await fault(copy(), { ...memory, head: "0".repeat(64) }), "head_gone");
  assert.equal(await fault(copy(), { ...memory, anchor: "0".repeat(16) }), "log_rewritten");
  assert.equal(await fault({ ...copy(), earlier: null }, memory), "log_rewritten");
  assert.equal(await fault(copy(), { ...memory, key: `04${"1".repeat(128)}` }), "other_key");
  const cut = copy().earlier!.path.slice(0, -1);
  assert.equal(await fault({ ...copy(), earlier: { ...copy().earlier, path: cut } }, memory), "log_rewritten");
});

test("the newest event taken away is found by its head alone", async () => {
  const { memory } = await held(vectors.proof);
  const cut = { ...copy(), events: copy().events.slice(0, -1) };

  await held(write(cut));
  assert.equal((await failed(cut, memory)).fault, "head_gone");
});

test("a log signed by somebody else holds only for who has no memory", async () => {
  const document = copy();
  const mallory = await generateKeys();
  document.earlier = null;
  document.server_keys[0]!.public_key = await exportPublicKey(mallory.publicKey);
  document.checkpoint!.signature = toHex(await sign(mallory.privateKey, new TextEncoder().encode(document.checkpoint!.note)));

  await held(write(document));
  assert.equal((await failed(document, await early())).fault, "other_key");
});
