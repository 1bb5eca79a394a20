import assert from "node:assert/strict";
import { test } from "node:test";
import { createHttp, type FetchLike } from "./http";

const problem = { type: "about:blank", title: "First", status: 409, code: "already_claimed", detail: "", next_step: "" };
const PROBLEM = { "Content-Type": "application/problem+json" };

function client(fetch: FetchLike) {
  return createHttp({ fetch, basePath: "/driver/api", now: () => 0 });
}

test("a get asks below the base path and hands over the tag", async () => {
  const asked: [string, RequestInit | undefined][] = [];
  const http = client(async (path, init) => {
    asked.push([path, init]);
    return Response.json({ rev: "1" }, { headers: { ETag: '"a"' } });
  });

  const answer = await http.get("/state", { etag: '"0"' });

  assert.deepEqual(answer, { status: "fresh", value: { rev: "1" }, etag: '"a"', sentAt: 0, receivedAt: 0 });
  assert.equal(asked[0]![0], "/driver/api/state");
  assert.equal((asked[0]![1]!.headers as Record<string, string>)["If-None-Match"], '"0"');
});

test("a tag that still holds answers unchanged", async () => {
  const http = client(async () => new Response(null, { status: 304 }));

  assert.deepEqual(await http.get("/state", { etag: '"a"' }), { status: "unchanged" });
});

test("a problem document is a refusal in the server's words", async () => {
  const http = client(async () => Response.json(problem, { status: 409, headers: { ...PROBLEM, "Retry-After": "7" } }));

  assert.deepEqual(await http.post("/a", {}), { status: "refused", problem, retryAfterS: 7 });
});

test("no content answers null", async () => {
  const http = client(async () => new Response(null, { status: 204 }));

  assert.deepEqual(await http.post("/positions", {}), { status: "done", value: null });
});

test("a network error is unreachable and not an exception", async () => {
  const http = client(async () => Promise.reject(new TypeError("Failed to fetch")));

  const answer = await http.post("/a", {});

  assert.equal(answer.status === "unreachable" && answer.reason, "network");
});

test("silence is unreachable after the time limit", async () => {
  const http = client((_path, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", reject)));
  const keepsNodeAwake = setTimeout(() => undefined, 1_000);

  const answer = await http.get("/state", { timeoutMs: 5 });

  clearTimeout(keepsNodeAwake);
  assert.equal(answer.status === "unreachable" && answer.reason, "timeout");
});

for (const [name, status] of [["a portal's sign-in page", 200], ["a proxy's error page", 502], ["a firewall's page", 403]] as const) {
  test(`${name} does not count as an answer`, async () => {
    const http = client(async () => new Response("<html>", { status, headers: { "Content-Type": "text/html" } }));

    const answer = await http.post("/a", {});

    assert.equal(answer.status === "unreachable" && answer.reason, "not_ours");
  });
}

test("a proxy that refuses a large photo is a final refusal", async () => {
  const http = client(async () => new Response("<html>", { status: 413, headers: { "Content-Type": "text/html" } }));

  const answer = await http.post("/photos", new FormData());

  assert.equal(answer.status === "refused" && answer.problem.code, "payload_too_large");
});

test("an answer that breaks off is unreachable", async () => {
  const http = client(async () => new Response('{"res', { headers: { "Content-Type": "application/json" } }));

  assert.equal((await http.post("/a", {})).status, "unreachable");
});

test("a step says whose it is, and which page reads its answer", async () => {
  const said: (string | null)[][] = [];
  const http = client(async (_path, init) => {
    const headers = new Headers(init?.headers);
    said.push([headers.get("Mallrun-Sender"), headers.get("Mallrun-Socket")]);
    return Response.json({});
  });

  await http.post("/a", {}, { sender: "per_dina", socket: "s1" });
  await http.post("/a", {});

  assert.deepEqual(said, [["per_dina", "s1"], [null, null]]);
});

test("a form is sent as it is, so that the browser sets its boundary", async () => {
  let sent: RequestInit | undefined;
  const http = client(async (_path, init) => {
    sent = init;
    return Response.json({});
  });

  await http.post("/photos", new FormData());

  assert.ok(sent?.body instanceof FormData);
  assert.equal((sent?.headers as Record<string, string>)["Content-Type"], undefined);
});
