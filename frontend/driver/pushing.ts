/**
 * Messages to this phone while it is locked, through the browser's own message service.
 *
 * The browser keeps the subscription; whose it is, is kept beside it, because the next driver on this phone must not get
 * this one's messages, nor be asked to take them over.
 */
import { fromBase64Url, toBase64Url } from "../lib/bytes";
import type { Fetched } from "../lib/http";
import type { Draft } from "../lib/outbox";
import type { DriverState, EndPushes, PushKey, TakePushes } from "./api";
import type { Outcome } from "./commands";

/** on · off · blocked: by the person, in the browser · install: iPhones take messages for installed apps only · none: not here */
export type Pushing = "on" | "off" | "blocked" | "install" | "none";
/** What came of turning it on; unreachable: the browser's service or our server. */
export type TurnedOn = "on" | "blocked" | "unreachable" | Extract<Outcome, { status: "refused" }>;

export interface PushCommands {
  pushKey(): Promise<Fetched<PushKey>>;
  /** Take messages, or with "/end" no more. */
  push(draft: Draft<TakePushes> | Draft<EndPushes>, end?: "/end"): Promise<Outcome>;
}

/** What of the browser is asked, so that tests can stand in for it. */
export interface Browser {
  permission(): NotificationPermission | null;
  ask(): Promise<NotificationPermission>;
  manager(): Promise<PushManager | null>;
  isBareApple: boolean;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
}

const WHOSE = "mallrun-driver-pushes";

/** Tell how it stands for a driver on this phone. */
export async function pushingOf(driver: DriverState["me"], browser = thisBrowser()): Promise<Pushing> {
  const permission = browser.permission();
  const manager = permission === null ? null : await browser.manager();
  if (permission === null || !manager) return browser.isBareApple ? "install" : "none";
  if (permission === "denied") return "blocked";
  const isMine = browser.storage.getItem(WHOSE) === driver.id;
  return permission === "granted" && isMine && (await manager.getSubscription()) ? "on" : "off";
}

/** Ask the person, the browser and the server, in this order. Call it in a tap: browsers ask in no other moment. */
export async function turnOn(driver: DriverState["me"], commands: PushCommands, browser = thisBrowser()): Promise<TurnedOn> {
  if ((await browser.ask()) !== "granted") return "blocked";
  const [manager, key] = await Promise.all([browser.manager(), commands.pushKey()]);
  if (!manager || key.status !== "fresh") return "unreachable";
  const subscription = await subscribed(manager, key.value.key);
  if (!subscription) return "unreachable";
  const told = await commands.push(draftOf(subscription));
  if (told.status === "refused") {
    await subscription.unsubscribe().catch(() => false);
    return told;
  }
  browser.storage.setItem(WHOSE, driver.id);
  return "on";
}

/** The same subscription for the sign-in of now, or a new one where the server has another key by now. Call once at a start. */
export async function renew(driver: DriverState["me"], commands: PushCommands, browser = thisBrowser()): Promise<void> {
  if ((await pushingOf(driver, browser)) !== "on") return;
  const [manager, key] = await Promise.all([browser.manager(), commands.pushKey()]);
  const before = await manager?.getSubscription();
  if (!manager || !before || key.status !== "fresh") return;
  const isForKey = keyOf(before) === key.value.key;
  // Some browsers subscribe in a tap only: what still works is not touched.
  const subscription = isForKey ? before : await subscribed(manager, key.value.key);
  if (subscription) await commands.push(draftOf(subscription));
}

/** Take no more messages on this phone. Without signal the browser's service refuses them from now on. */
export async function turnOff(commands: PushCommands | null, browser = thisBrowser()): Promise<void> {
  browser.storage.removeItem(WHOSE);
  const subscription = await (await browser.manager())?.getSubscription();
  if (!subscription) return;
  await subscription.unsubscribe().catch(() => false);
  await commands?.push({ address: subscription.endpoint }, "/end");
}

/** A subscription for another key than the server's of today cannot be used: it gives way. */
async function subscribed(manager: PushManager, key: string): Promise<PushSubscription | null> {
  const options = { userVisibleOnly: true, applicationServerKey: fromBase64Url(key) };
  try {
    return await manager.subscribe(options);
  } catch {
    await (await manager.getSubscription())?.unsubscribe();
    return manager.subscribe(options).catch(() => null);
  }
}

function keyOf(subscription: PushSubscription): string {
  return toBase64Url(new Uint8Array(subscription.options.applicationServerKey ?? new ArrayBuffer()));
}

function draftOf(subscription: PushSubscription): Draft<TakePushes> {
  const { endpoint, keys } = subscription.toJSON();
  return { address: endpoint ?? "", public_key: keys?.p256dh ?? "", auth: keys?.auth ?? "" };
}

function thisBrowser(): Browser {
  const isApple = /iPhone|iPad/.test(navigator.userAgent) && !matchMedia("(display-mode: standalone)").matches;
  return {
    permission: () => ("Notification" in window && "PushManager" in window ? Notification.permission : null),
    ask: () => Notification.requestPermission(),
    manager: async () => (await navigator.serviceWorker?.getRegistration())?.pushManager ?? null,
    isBareApple: isApple,
    storage: localStorage,
  };
}
