/**
 * What both service workers do: keep one release of the app, and open it without signal.
 *
 * Routes: files of this release are cache-first (their names carry their hash); pages are network-first with the
 * kept shell behind; everything else, the API above all, is left to the browser and never kept.
 */

export interface ShellOptions {
  /** Names the caches: only those that begin with it are ever deleted. */
  cachePrefix: string;
  /** Root of the app and of the worker's scope, such as `/driver/`. */
  root: string;
  release: string;
  /** Paths of the release's files. */
  precache: readonly string[];
  caches: CacheStorage;
  fetch: (input: RequestInfo, init?: RequestInit) => Promise<Response>;
}

export interface Shell {
  /** Keep the release's files, then the page. Rejects when a file is missing, so that the old release stays. */
  install(): Promise<void>;
  /** Delete this app's other releases. */
  cleanUp(): Promise<void>;
  /** The answer to a request, or null when the browser should handle it. */
  answer(request: Request): Promise<Response> | null;
}

/** A page that has not begun to answer by then is opened from the device. */
const PAGE_TIMEOUT_MS = 4_000;
const BUILT_FILE = /\/static\/dist\/[\w.-]+/g;

/** Create the routes of one app. */
export function createShell({ cachePrefix, root, release, precache, caches, fetch }: ShellOptions): Shell {
  const cacheName = `${cachePrefix}${release}`;
  const kept = new Set(precache);

  async function keepFile(cache: Cache, path: string): Promise<void> {
    // Unchanged files keep their hash: take them from the release before instead of the network.
    const known = await caches.match(path);
    const response = known ?? (await fetch(path));
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    await cache.put(path, response);
  }

  /** Keep a page as the shell if it is the app's own and made of this release's files, else leave the kept one. */
  async function keepShell(page: Response): Promise<void> {
    const isPage = page.ok && !page.redirected && (page.headers.get("Content-Type") ?? "").startsWith("text/html");
    if (!isPage) return;
    const text = await page.clone().text();
    const files = text.match(BUILT_FILE) ?? [];
    if (files.length === 0 || !files.every((file) => kept.has(file))) return;
    await (await caches.open(cacheName)).put(root, page);
  }

  async function openPage(request: Request): Promise<Response> {
    const shell = await (await caches.open(cacheName)).match(root);
    try {
      const page = shell ? await fetchInTime(request) : await fetch(request);
      if (new URL(request.url).pathname === root) await keepShell(page.clone()).catch(() => undefined);
      return page.status >= 500 && shell ? shell : page;
    } catch (error) {
      if (shell) return shell;
      throw error;
    }
  }

  /** The limit is for the first byte: a page that comes slowly still comes. */
  async function fetchInTime(request: Request): Promise<Response> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), PAGE_TIMEOUT_MS);
    try {
      return await fetch(request, { signal: controller.signal });
    } finally {
      clearTimeout(timer);
    }
  }

  async function openFile(request: Request, path: string): Promise<Response> {
    const cache = await caches.open(cacheName);
    return (await cache.match(path)) ?? fetch(request);
  }

  return {
    async install() {
      const cache = await caches.open(cacheName);
      await Promise.all(precache.map((path) => keepFile(cache, path)));
      await fetch(root, { credentials: "same-origin" }).then(keepShell).catch(() => undefined);
    },
    async cleanUp() {
      const old = (await caches.keys()).filter((name) => name.startsWith(cachePrefix) && name !== cacheName);
      await Promise.all(old.map((name) => caches.delete(name)));
    },
    answer(request) {
      const { pathname } = new URL(request.url);
      if (request.method !== "GET") return null;
      if (kept.has(pathname)) return openFile(request, pathname);
      const isPage = request.mode === "navigate" && pathname.startsWith(root) && !pathname.startsWith(`${root}api/`);
      return isPage ? openPage(request) : null;
    },
  };
}
