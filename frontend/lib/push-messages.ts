/** What a locked phone shows when the server has news for its driver, and what a tap on it opens. */
import type { SyncMessage } from "./background-sync";

/** The message of `app/jobs/pushes.py`, in the driver's language. */
export interface PushMessage {
  v: 1;
  kind: "new_run" | "run_is_yours" | "claim_lapses";
  /** A later message with the same tag takes the place of the earlier one. */
  tag: string;
  lang: string;
  title: string;
  body: string;
}

/** TypeScript leaves out what not every browser has. */
export type Options = NotificationOptions & { renotify: boolean; vibrate: number[] };

/** A window of the app, as its service worker sees it. */
export interface AppWindow {
  visibilityState: DocumentVisibilityState;
  postMessage(message: SyncMessage): void;
  focus(): Promise<unknown>;
}

/** What of a service worker's scope messages need. */
export interface MessageScope {
  windows(): Promise<readonly AppWindow[]>;
  openWindow(address: string): Promise<unknown>;
  /** Messages with this tag that nobody has tapped or wiped away. */
  unread(tag: string): Promise<readonly unknown[]>;
  show(title: string, options: Options): Promise<void>;
}

const ICON = "/static/icons/driver-192.png";

/** A page in front says it by itself, with sound. Every other message is shown: browsers end it for who shows none. */
export async function showMessage(scope: MessageScope, message: PushMessage): Promise<void> {
  const windows = await scope.windows();
  if (windows.some((page) => page.visibilityState === "visible")) return;
  const { tag, lang, title, body } = message;
  const unread = await scope.unread(tag);
  // The next of its kind takes the place of one that is still unread without a sound, so that a rush is one sound.
  const isFirst = unread.length === 0;
  await scope.show(title, { tag, lang, body, icon: ICON, badge: ICON, renotify: isFirst, vibrate: isFirst ? [200, 100, 200] : [] });
}

/** Home shows what matters now: the runs on offer, or the run. */
export async function openHome(scope: MessageScope, root: string): Promise<void> {
  const [page] = await scope.windows();
  if (!page) return void (await scope.openWindow(root));
  page.postMessage({ type: "open-home" });
  await page.focus();
}
