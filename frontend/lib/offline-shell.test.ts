import assert from "node:assert/strict";
import { test } from "node:test";
import { createShell } from "./offline-shell";

const ORIGIN = "https://mallrun.test";
const FILES = ["/static/dist/driver-AA.js", "/static/dist/base-BB.css"];

/** As much of the browser's cache storage as the shell uses. */
function fakeCaches() {
  const stores = new Map<string, Map<string, Response>>();
  const pathOf = (key: RequestInfo): string => (typeof key === "string" ? key : new URL(key.url).pathname);
  const cacheOf = (store: Map<string, Response>) => ({
    match: async (key: RequestInfo) => store.get(pathOf(key))?.clone(),
    put: async (key: RequestInfo, value: Response) => void store.set(pathOf(key), value),
  });
  const storage = {
    open: async (name: string) => {
      if (!stores.has(name)) stores.set(name, new Map());
      return cacheOf(stores.get(name)!);
    },
    match: async (key: string) => [...stores.values()].map((store) => store.get(key)).find(Boolean)?.clone(),
    keys: async () => [...stores.keys()],
    delete: async (name: string) => stores.delete(name),
  };
  return storage as unknown as CacheStorage;
}

function page(html = `<script src="${FILES[0]}"></script>`): Response {
  return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

function app(caches = fakeCaches(), release = "r1") {
  const asked: string[] = [];
  let server: (path: string) => Response | Promise<Response> = (path) => (path === "/driver/" ? page() : new Response(path));
  const fetch = async (input: RequestInfo): Promise<Response> => {
    const path = typeof input === "string" ? input : new URL(input.url).pathname;
    asked.push(path);
    return server(path);
  };
  const shell = createShell({ cachePrefix: "mallrun-driver-", root: "/driver/", release, precache: FILES, caches, fetch });
  const setServer = (next: typeof server): void => {
    server = next;
  };
  return { shell, caches, asked, setServer };
}

function request(path: string, mode = "navigate", method = "GET"): Request {
  // Only browsers may construct navigations; the shell reads these three fields.
  return { url: ORIGIN + path, mode, method } as Request;
}

const offline = (): Promise<Response> => Promise.reject(new TypeError("Failed to fetch"));

test("after the install the app opens without signal", async () => {
  const { shell, setServer, asked } = app();
  await shell.install();
  setServer(offline);
  asked.length = 0;

  const [opened, script] = [await shell.answer(request("/driver/")), await shell.answer(request(FILES[0]!, "no-cors"))];

  assert.match(await opened!.text(), /driver-AA\.js/);
  assert.equal(await script!.text(), FILES[0]);
  assert.deepEqual(asked, ["/driver/"]);
});

test("with signal the page comes from the server", async () => {
  const { shell, setServer } = app();
  await shell.install();
  setServer(() => page("newer"));

  assert.equal(await (await shell.answer(request("/driver/")))!.text(), "newer");
});

test("a failing server is answered with the kept page", async () => {
  const { shell, setServer } = app();
  await shell.install();
  setServer(() => new Response("<h1>502</h1>", { status: 502 }));

  assert.equal((await shell.answer(request("/driver/stops")))!.status, 200);
});

test("a page of another release never becomes the kept page", async () => {
  const { shell, setServer } = app();
  await shell.install();
  setServer(() => page('<script src="/static/dist/driver-ZZ.js"></script>'));
  await shell.answer(request("/driver/"));

  setServer(offline);

  assert.match(await (await shell.answer(request("/driver/")))!.text(), /driver-AA\.js/);
});

test("the API, other apps and commands are left to the browser", () => {
  const { shell } = app();

  for (const left of [request("/driver/api/state", "cors"), request("/driver/api/x"), request("/desk/"), request("/driver/", "cors", "POST")]) {
    assert.equal(shell.answer(left), null);
  }
});

test("only this app's old releases are deleted", async () => {
  const { shell, caches } = app();
  for (const name of ["mallrun-driver-r0", "mallrun-desk-r0", "other"]) await caches.open(name);
  await shell.install();

  await shell.cleanUp();

  assert.deepEqual((await caches.keys()).sort(), ["mallrun-desk-r0", "mallrun-driver-r1", "other"]);
});

test("a missing file fails the install, so that the old release stays", async () => {
  const { shell, setServer } = app();
  setServer(() => new Response("", { status: 404 }));

  await assert.rejects(shell.install());
});

test("unchanged files are taken from the release before", async () => {
  const first = app();
  await first.shell.install();
  const second = app(first.caches, "r2");

  await second.shell.install();

  assert.deepEqual(second.asked, ["/driver/"]);
});
