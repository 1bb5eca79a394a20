/**
 * Talking JSON with the server. Nothing here throws: every answer is one of four values that a caller must look at.
 *
 * Only an answer in our own form proves that the server was reached: a portal's sign-in page or a proxy's error page
 * counts as "unreachable", so that nothing kept on the device is thrown away because of a hotel's network.
 */
import type { Problem } from "./api";
import { problemFor } from "./problems";

export type FetchLike = (input: string, init?: RequestInit) => Promise<Response>;

/** The server's considered no (or its own failure, when `problem.status` is 500 or more). */
export interface Refused {
  status: "refused";
  problem: Problem;
  /** Seconds from the `Retry-After` header, when there was one. */
  retryAfterS: number | null;
}
/** No answer of ours came back; the request may or may not have arrived. */
export interface Unreachable {
  status: "unreachable";
  problem: Problem;
  reason: "network" | "timeout" | "not_ours";
}
/** A GET's new value. `sentAt` and `receivedAt` are raw device milliseconds, for `Clock.learn`. */
export interface Fresh<Value> {
  status: "fresh";
  value: Value;
  etag: string | null;
  sentAt: number;
  receivedAt: number;
}
/** A GET whose ETag still holds. */
export interface Unchanged {
  status: "unchanged";
}
/** A POST's answer. */
export interface Done<Value> {
  status: "done";
  value: Value;
}
export type Fetched<Value> = Fresh<Value> | Unchanged | Refused | Unreachable;
export type Posted<Value> = Done<Value> | Refused | Unreachable;

export interface PostOptions {
  timeoutMs?: number;
  /** Whose step it is: the server refuses it with 401 when somebody else is signed in by now, such as in another tab. */
  sender?: string | null;
  /** This page's open connection, where the answer brings the state: the server then does not nudge it as well. */
  socket?: string | null;
}

export interface Http {
  /** GET `basePath + path`; with `etag` the answer may be `unchanged`. */
  get<Value>(path: string, options?: { etag?: string | null; timeoutMs?: number }): Promise<Fetched<Value>>;
  /** POST JSON, or multipart when the body is `FormData`. A 204 answers `null`. */
  post<Value>(path: string, body: object | FormData, options?: PostOptions): Promise<Posted<Value>>;
}

export interface HttpOptions {
  fetch: FetchLike;
  /** Such as `/driver/api`. */
  basePath: string;
  /** Raw device milliseconds. */
  now?: () => number;
}

const GET_TIMEOUT_MS = 10_000;
const POST_TIMEOUT_MS = 20_000;
/** A 3 MB photo over a basement's 300 kbit/s. */
const UPLOAD_TIMEOUT_MS = 90_000;
const PAYLOAD_TOO_LARGE = 413;
/** The twin of `SENDER` in `app/web/commands.py`. */
const SENDER = "Mallrun-Sender";
/** The twin of `SOCKET` in `app/realtime/publish.py`. */
const SOCKET = "Mallrun-Socket";

/** Create the client of one audience. */
export function createHttp({ fetch, basePath, now = () => Date.now() }: HttpOptions): Http {
  async function exchange(path: string, init: RequestInit, timeoutMs: number): Promise<Response | Unreachable> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await fetch(basePath + path, { ...init, signal, credentials: "same-origin", redirect: "error", cache: "no-store" });
    } catch {
      return unreachable(signal.aborted ? "timeout" : "network");
    }
  }

  return {
    async get<Value>(path: string, options: { etag?: string | null; timeoutMs?: number } = {}): Promise<Fetched<Value>> {
      const headers: Record<string, string> = { Accept: "application/json" };
      if (options.etag) headers["If-None-Match"] = options.etag;
      const sentAt = now();
      const response = await exchange(path, { headers }, options.timeoutMs ?? GET_TIMEOUT_MS);
      if (!isResponse(response)) return response;
      if (response.status === 304) return { status: "unchanged" };
      const receivedAt = now();
      const answer = await read<Value>(response);
      if (answer.status !== "done") return answer;
      return { status: "fresh", value: answer.value, etag: response.headers.get("ETag"), sentAt, receivedAt };
    },

    async post<Value>(path: string, body: object | FormData, options: PostOptions = {}): Promise<Posted<Value>> {
      const isForm = body instanceof FormData;
      const headers: Record<string, string> = { Accept: "application/json" };
      if (!isForm) headers["Content-Type"] = "application/json";
      if (options.sender) headers[SENDER] = options.sender;
      if (options.socket) headers[SOCKET] = options.socket;
      const init: RequestInit = { method: "POST", headers, body: isForm ? body : JSON.stringify(body) };
      const response = await exchange(path, init, options.timeoutMs ?? (isForm ? UPLOAD_TIMEOUT_MS : POST_TIMEOUT_MS));
      return isResponse(response) ? read<Value>(response) : response;
    },
  };
}

async function read<Value>(response: Response): Promise<Posted<Value>> {
  if (response.status === 204) return { status: "done", value: null as Value };
  const type = response.headers.get("Content-Type") ?? "";
  const isProblem = type.startsWith("application/problem+json");
  if (response.status === PAYLOAD_TOO_LARGE && !isProblem) {
    // A proxy in front of the app refuses large bodies with its own page: repeating would block the outbox for ever.
    return { status: "refused", problem: problemFor("payload_too_large"), retryAfterS: null };
  }
  if (!isProblem && !(response.ok && type.startsWith("application/json"))) return unreachable("not_ours");
  let value: unknown;
  try {
    value = await response.json();
  } catch {
    return unreachable("network");
  }
  if (!isProblem) return { status: "done", value: value as Value };
  return { status: "refused", problem: value as Problem, retryAfterS: retryAfter(response) };
}

function retryAfter(response: Response): number | null {
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return Number.isNaN(seconds) ? null : seconds;
}

function unreachable(reason: Unreachable["reason"]): Unreachable {
  return { status: "unreachable", problem: problemFor("needs_connection"), reason };
}

function isResponse(value: Response | Unreachable): value is Response {
  return !("reason" in value);
}
