/** The service worker's life: register it, and swap releases only when the person agrees. */

export interface Updates {
  /** Ends the waiting: the new release takes over and the page loads again. */
  accept(): void;
}

const CHECK_EVERY_MS = 60 * 60 * 1_000;

/**
 * Register the service worker and call `onReady` when a new release waits.
 *
 * The page never reloads by itself: a driver may be in the middle of a scan. The caller shows "Update ready" with a
 * button that calls `accept`. Where there are no service workers (insecure page) nothing happens.
 */
export async function registerUpdates(
  scriptUrl: string,
  scope: string,
  onReady: (updates: Updates) => void,
  container: ServiceWorkerContainer | undefined = navigator.serviceWorker,
  reload: () => void = () => location.reload(),
): Promise<void> {
  if (!container) return;
  let isAccepted = false;
  const announce = (worker: ServiceWorker): void =>
    onReady({
      accept: () => {
        isAccepted = true;
        worker.postMessage({ type: "take-over" });
      },
    });
  container.addEventListener("controllerchange", () => {
    if (isAccepted) reload();
  });
  try {
    const registration = await container.register(scriptUrl, { scope, type: "classic", updateViaCache: "none" });
    if (registration.waiting && container.controller) announce(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => {
        // Without a controller this is the first install: there is nothing to update from.
        if (worker.state === "installed" && container.controller) announce(worker);
      });
    });
    setInterval(() => void registration.update().catch(() => undefined), CHECK_EVERY_MS);
  } catch {
    // The app works without it, only not from a cold start without signal.
  }
}
