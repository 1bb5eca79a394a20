import assert from "node:assert/strict";
import { test } from "node:test";
import type { SyncMessage } from "./background-sync";
import { type MessageScope, type Options, type PushMessage, openHome, showMessage } from "./push-messages";

const MESSAGE: PushMessage = { v: 1, kind: "new_run", tag: "offers", lang: "es", title: "Recorrido nuevo", body: "$12.00" };

/** A service worker's scope: notes what it shows, opens and tells. */
class FakeScope implements MessageScope {
  pages: DocumentVisibilityState[] = [];
  before = 0;
  shown: { title: string; options: Options }[] = [];
  opened: string[] = [];
  told: SyncMessage[] = [];
  focused = 0;

  windows = async () =>
    this.pages.map((visibilityState) => ({
      visibilityState,
      postMessage: (message: SyncMessage) => void this.told.push(message),
      focus: async () => this.focused++,
    }));

  openWindow = async (address: string) => void this.opened.push(address);
  unread = async (tag: string) => new Array<string>(this.before).fill(tag);
  show = async (title: string, options: Options) => void this.shown.push({ title, options });
}

test("a message is shown in its language while no page is in front", async () => {
  for (const pages of [[], ["hidden"]] as DocumentVisibilityState[][]) {
    const scope = Object.assign(new FakeScope(), { pages });
    await showMessage(scope, MESSAGE);

    assert.deepEqual(scope.shown.map(({ title, options }) => [title, options.lang, options.tag]), [["Recorrido nuevo", "es", "offers"]]);
  }
});

test("a page in front says it by itself", async () => {
  const scope = Object.assign(new FakeScope(), { pages: ["hidden", "visible"] });
  await showMessage(scope, MESSAGE);

  assert.deepEqual(scope.shown, []);
});

test("the first of its kind sounds, the next takes its place quietly", async () => {
  const [first, next] = [new FakeScope(), Object.assign(new FakeScope(), { before: 1 })];
  await showMessage(first, MESSAGE);
  await showMessage(next, MESSAGE);

  assert.equal(first.shown[0]?.options.renotify, true);
  assert.equal(next.shown[0]?.options.renotify, false);
  assert.deepEqual(next.shown[0]?.options.vibrate, []);
});

test("a tap opens the app, or brings the open one home and to the front", async () => {
  const [without, open] = [new FakeScope(), Object.assign(new FakeScope(), { pages: ["hidden"] })];
  await openHome(without, "/driver/");
  await openHome(open, "/driver/");

  assert.deepEqual([without.opened, without.told], [["/driver/"], []]);
  assert.deepEqual([open.opened, open.told, open.focused], [[], [{ type: "open-home" }], 1]);
});
