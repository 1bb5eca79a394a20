import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "./fakes";
import { keepAwake } from "./wakelock";

/** A page that is put in and out of sight by hand, and a phone that notes what it was asked. */
function phone(request?: () => Promise<never>) {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const held: (EventTarget & { released: boolean })[] = [];
  const hold = async (): Promise<EventTarget> => {
    const sentinel = Object.assign(new EventTarget(), { released: false, release: async () => letGo(sentinel) });
    held.push(sentinel);
    return sentinel;
  };
  const letGo = (sentinel: (typeof held)[number]): void => {
    sentinel.released = true;
    sentinel.dispatchEvent(new Event("release"));
  };
  const turn = async (visibility: "visible" | "hidden"): Promise<void> => {
    page.visibilityState = visibility;
    if (visibility === "hidden") held.filter(({ released }) => !released).forEach(letGo);
    page.dispatchEvent(new Event("visibilitychange"));
    await settled();
  };
  const told: boolean[] = [];
  const parts = { page: page as unknown as Document, wakeLock: { request: request ?? hold } as unknown as WakeLock, tell: (isHeld: boolean) => told.push(isHeld) };
  return { parts, held, told, turn, letGo, isOn: () => held.some(({ released }) => !released) };
}

test("the screen stays on until it is let go, and is asked for again when the page comes back", async () => {
  const { parts, held, told, turn, isOn } = phone();
  const sleep = keepAwake(parts);
  await settled();
  assert.equal(isOn(), true);

  await turn("hidden");
  assert.equal(isOn(), false);
  await turn("visible");
  assert.equal(isOn(), true);
  await turn("visible");
  assert.equal(held.length, 2);

  sleep();
  assert.equal(isOn(), false);
  await turn("visible");
  assert.equal(held.length, 2);
  assert.deepEqual(told, [true, true]);
});

test("a phone that refuses or takes it back is told of", async () => {
  const saving = phone(() => Promise.reject(new DOMException("", "NotAllowedError")));
  keepAwake(saving.parts);
  await settled();
  assert.deepEqual(saving.told, [false]);

  const low = phone();
  keepAwake(low.parts);
  await settled();
  low.letGo(low.held[0]!);
  assert.deepEqual(low.told, [true, false]);
});

test("what is let go before it was granted is given back", async () => {
  const { parts, held, told, isOn } = phone();
  keepAwake(parts)();
  await settled();

  assert.deepEqual([held.length, isOn(), told], [1, false, []]);
});

test("a browser without the interface stays as it is", async () => {
  const { parts, told } = phone();
  const sleep = keepAwake({ page: parts.page, tell: parts.tell, wakeLock: undefined });
  await settled();
  sleep();

  assert.deepEqual(told, [false]);
});
