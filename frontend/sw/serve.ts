/** Connect a shell to the service worker's events. A new release waits until the person agrees. */
import { createShell } from "../lib/offline-shell";

/** Serve one app; call once, at the top of its service worker. */
export function serveApp(scope: ServiceWorkerGlobalScope, cachePrefix: string, root: string): void {
  const shell = createShell({
    cachePrefix,
    root,
    release: RELEASE,
    precache: PRECACHE,
    caches: scope.caches,
    fetch: (input, init) => scope.fetch(input, init),
  });

  scope.addEventListener("install", (event) => event.waitUntil(shell.install()));
  scope.addEventListener("activate", (event) => event.waitUntil(shell.cleanUp().then(() => scope.clients.claim())));
  scope.addEventListener("fetch", (event) => {
    if (new URL(event.request.url).origin !== scope.location.origin) return;
    const answer = shell.answer(event.request);
    if (answer) event.respondWith(answer);
  });
  scope.addEventListener("message", (event) => {
    if ((event.data as { type?: string } | null)?.type === "take-over") void scope.skipWaiting();
  });
}
