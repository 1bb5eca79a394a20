import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "../lib/fakes";
import { keepChoice, keptChoice, watchCharging } from "./awake";

function storage(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) } as Storage;
}

test("what the driver says is remembered, and nothing else", () => {
  const phone = storage();
  assert.equal(keptChoice(phone), null);

  keepChoice(true, phone);
  assert.equal(keptChoice(phone), true);
  keepChoice(false, phone);
  assert.equal(keptChoice(phone), false);
});

test("a phone that keeps nothing has no choice and breaks nothing", () => {
  const refuse = (): never => {
    throw new DOMException("", "SecurityError");
  };
  const closed = { getItem: refuse, setItem: refuse } as unknown as Storage;

  keepChoice(true, closed);

  assert.equal(keptChoice(closed), null);
  assert.equal(keptChoice(undefined), null);
});

test("plugging in and out is told until nobody listens", async () => {
  const battery = Object.assign(new EventTarget(), { charging: true });
  const told: boolean[] = [];
  const stop = watchCharging((isCharging) => told.push(isCharging), { getBattery: async () => battery });
  await settled();
  const turn = (charging: boolean): void => void (Object.assign(battery, { charging }), battery.dispatchEvent(new Event("chargingchange")));

  turn(false);
  turn(true);
  stop();
  turn(false);

  assert.deepEqual(told, [true, false, true]);
});

test("nothing is told by a browser that does not say, or after the end", async () => {
  const told: boolean[] = [];
  const tell = (isCharging: boolean) => told.push(isCharging);
  watchCharging(tell, {})();
  watchCharging(tell, { getBattery: () => Promise.reject(new Error("blocked")) });
  watchCharging(tell, { getBattery: async () => Object.assign(new EventTarget(), { charging: true }) })();
  await settled();

  assert.deepEqual(told, []);
});
