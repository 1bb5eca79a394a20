/**
 * Background Sync, where the browser has it (Chromium): a page that keeps a step asks to have its service worker woken
 * when there is signal, even after the page is gone. Everywhere else the page's own replay does the work.
 */

/** The one tag of an app; its service worker listens for it. */
export const OUTBOX_SYNC = "mallrun-outbox";

/** What a service worker tells its pages: send what is kept · I have sent something, look again · somebody has tapped a message. */
export type SyncMessage = { type: "outbox-flush" } | { type: "outbox-sent" } | { type: "open-home" };

interface SyncRegistration {
  sync?: { register(tag: string): Promise<void> };
}

/** Ask to be woken. Resolves to false where that cannot be had. */
export async function askToBeWoken(container: ServiceWorkerContainer | undefined = navigator.serviceWorker): Promise<boolean> {
  // `ready` never comes where nothing is registered.
  const registration = (await container?.getRegistration()) as SyncRegistration | undefined;
  try {
    await registration?.sync?.register(OUTBOX_SYNC);
    return Boolean(registration?.sync);
  } catch {
    // The person has switched it off in the browser.
    return false;
  }
}

/** Hear what the service worker says; the answer ends it. */
export function onSyncMessage(
  work: (message: SyncMessage) => void,
  container: ServiceWorkerContainer | undefined = navigator.serviceWorker,
): () => void {
  const hear = ({ data }: MessageEvent<Partial<SyncMessage> | null>): void => {
    if (data?.type) work(data as SyncMessage);
  };
  container?.addEventListener("message", hear);
  return () => container?.removeEventListener("message", hear);
}
