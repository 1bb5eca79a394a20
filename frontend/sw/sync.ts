/** Connect the outbox to a service worker's `sync` event. */
import { OUTBOX_SYNC, type SyncMessage } from "../lib/background-sync";
import { type DatabaseName, openDatabase } from "../lib/database";
import { createHttp } from "../lib/http";
import { createLock } from "../lib/lock";
import { replayOutbox } from "../lib/outbox-replay";

/** TypeScript knows no Background Sync: https://wicg.github.io/background-sync/spec/#sync-event */
interface SyncEvent extends ExtendableEvent {
  tag: string;
}

/** What of an app sends steps. */
interface SendingApp {
  database: DatabaseName;
  /** Name of the Web Lock that its pages send under. */
  lock: string;
  basePath: string;
}

/** Send what is kept when the browser says that there is signal; call once, at the top of a service worker. */
export function sendWhenOnline(scope: ServiceWorkerGlobalScope, app: SendingApp): void {
  scope.addEventListener("sync", (event) => {
    const { tag } = event as SyncEvent;
    if (tag === OUTBOX_SYNC) (event as SyncEvent).waitUntil(send(scope, app));
  });
}

/** Rejects when something is left to be tried again: the browser then repeats the event, later each time. */
async function send(scope: ServiceWorkerGlobalScope, app: SendingApp): Promise<void> {
  const pages = await scope.clients.matchAll({ type: "window" });
  const tell = (message: SyncMessage): void => pages.forEach((page) => page.postMessage(message));
  // A page in front waits for the answer to its tap: it had better send by itself. One in the background may be frozen.
  if (pages.some((page) => page.visibilityState === "visible")) return tell({ type: "outbox-flush" });
  const db = await openDatabase(app.database);
  try {
    const http = createHttp({ fetch: (input, init) => scope.fetch(input, init), basePath: app.basePath });
    const { sent, end } = await replayOutbox({ db, http, lock: createLock(app.lock, scope.navigator.locks) });
    if (sent > 0) tell({ type: "outbox-sent" });
    if (end === "later") throw new Error("steps are left");
  } finally {
    db.close();
  }
}
