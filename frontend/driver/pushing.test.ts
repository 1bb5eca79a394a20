import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bytes, fromBase64Url, toBase64Url } from "../lib/bytes";
import { problemFor } from "../lib/problems";
import type { TakePushes } from "./api";
import type { Outcome } from "./commands";
import { type Browser, type PushCommands, pushingOf, renew, turnOff, turnOn } from "./pushing";
import { stateOf } from "./samples";

const ME = stateOf().me;
const OTHER = { ...ME, id: "per_other" };
const KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const ADDRESS = "https://fcm.googleapis.com/fcm/send/abc";

/** A browser that has not been asked yet; `subscription` is what it keeps. */
class FakeBrowser implements Browser {
  subscription: PushSubscription | null = null;
  answer: NotificationPermission = "granted";
  given: NotificationPermission | null = "default";
  isBareApple = false;
  hasManager = true;
  /** How often subscribing fails. */
  failures = 0;
  kept = new Map<string, string>();

  storage = {
    getItem: (key: string) => this.kept.get(key) ?? null,
    setItem: (key: string, value: string) => void this.kept.set(key, value),
    removeItem: (key: string) => void this.kept.delete(key),
  };

  permission = () => this.given;
  ask = async () => (this.given = this.answer);

  async manager(): Promise<PushManager | null> {
    if (!this.hasManager) return null;
    const manager: Partial<PushManager> = {
      getSubscription: async () => this.subscription,
      subscribe: async (options) => {
        if (this.failures-- > 0) throw new DOMException("no service", "AbortError");
        const key = options?.applicationServerKey as Bytes;
        const isForAnother = this.subscription && toBase64Url(key) !== toBase64Url(new Uint8Array(this.subscription.options.applicationServerKey!));
        if (isForAnother) throw new DOMException("another key", "InvalidStateError");
        return (this.subscription = this.made(key));
      },
    };
    return manager as PushManager;
  }

  private made(key: Bytes): PushSubscription {
    const made: Partial<PushSubscription> = {
      options: { userVisibleOnly: true, applicationServerKey: key.buffer },
      endpoint: ADDRESS,
      toJSON: () => ({ endpoint: ADDRESS, keys: { p256dh: KEY, auth: "A".repeat(22) } }),
      unsubscribe: async () => {
        this.subscription = null;
        return true;
      },
    };
    return made as PushSubscription;
  }
}

/** A server that notes what it is told. */
class FakeServer implements PushCommands {
  taken: Partial<TakePushes>[] = [];
  ended: string[] = [];
  outcome: Outcome = { status: "done" };

  key = KEY;
  pushKey = async () => ({ status: "fresh" as const, value: { key: this.key }, etag: null, sentAt: 0, receivedAt: 0 });

  async push(draft: Partial<TakePushes>, end?: "/end"): Promise<Outcome> {
    if (end) this.ended.push(draft.address ?? "");
    else this.taken.push(draft);
    return this.outcome;
  }
}

test("turned on, the server knows where and how this browser takes messages", async () => {
  const [browser, server] = [new FakeBrowser(), new FakeServer()];

  assert.equal(await pushingOf(ME, browser), "off");
  assert.equal(await turnOn(ME, server, browser), "on");

  assert.equal(await pushingOf(ME, browser), "on");
  assert.deepEqual(server.taken, [{ address: ADDRESS, public_key: KEY, auth: "A".repeat(22) }]);
});

test("who says no to the browser is told how to change it, and nothing is sent", async () => {
  const [browser, server] = [new FakeBrowser(), new FakeServer()];
  browser.answer = "denied";

  assert.equal(await turnOn(ME, server, browser), "blocked");

  assert.equal(await pushingOf(ME, browser), "blocked");
  assert.deepEqual(server.taken, []);
});

test("what the server refuses stands in the browser no more", async () => {
  const [browser, server] = [new FakeBrowser(), new FakeServer()];
  server.outcome = { status: "refused", problem: problemFor("needs_connection") };

  const came = await turnOn(ME, server, browser);

  assert.equal(typeof came === "object" && came.problem.code, "needs_connection");
  assert.equal(browser.subscription, null);
  assert.equal(await pushingOf(ME, browser), "off");
});

test("a subscription for an older key gives way to one for the key of now", async () => {
  const [browser, server] = [new FakeBrowser(), new FakeServer()];
  browser.failures = 1;

  assert.equal(await turnOn(ME, server, browser), "on");
});

test("a browser whose service cannot be reached says so", async () => {
  const [browser, server] = [new FakeBrowser(), new FakeServer()];
  browser.failures = 2;

  assert.equal(await turnOn(ME, server, browser), "unreachable");
  assert.deepEqual(server.taken, []);
});

test("the next driver on this phone takes nothing over", async () => {
  const [browser, server] = [new FakeBrowser(), new FakeServer()];
  await turnOn(ME, server, browser);

  assert.equal(await pushingOf(OTHER, browser), "off");
  await renew(OTHER, server, browser);
  assert.equal(server.taken.length, 1);
});

test("after another sign-in the same browser is named again", async () => {
  const [browser, server] = [new FakeBrowser(), new FakeServer()];
  await turnOn(ME, server, browser);

  await renew(ME, server, browser);

  assert.deepEqual(server.taken[1], server.taken[0]);
});

test("a server with another key gets a subscription for it at the next start", async () => {
  const [browser, server] = [new FakeBrowser(), new FakeServer()];
  await turnOn(ME, server, browser);
  server.key = toBase64Url(fromBase64Url(KEY).fill(7));

  await renew(ME, server, browser);

  assert.equal(server.taken.length, 2);
  assert.equal(toBase64Url(new Uint8Array(browser.subscription!.options.applicationServerKey!)), server.key);
});

test("turned off, browser and server know it; also when the server is not asked", async () => {
  for (const told of [new FakeServer(), null]) {
    const [browser, server] = [new FakeBrowser(), new FakeServer()];
    await turnOn(ME, server, browser);

    await turnOff(told, browser);

    assert.equal(browser.subscription, null);
    assert.equal(await pushingOf(ME, browser), "off");
    assert.deepEqual(told?.ended ?? [ADDRESS], [ADDRESS]);
  }
});

test("where there are no messages, only iPhones have a way to them", async () => {
  const browser = new FakeBrowser();
  browser.given = null;
  assert.equal(await pushingOf(ME, browser), "none");

  browser.isBareApple = true;
  assert.equal(await pushingOf(ME, browser), "install");

  const uninstalled = new FakeBrowser();
  uninstalled.hasManager = false;
  assert.equal(await pushingOf(ME, uninstalled), "none");
});
