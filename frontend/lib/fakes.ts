/** Stand-ins for tests: a clock that is moved by hand, page events that are fired by hand, a server that is scripted. */
import type { Problem } from "./api";
import { type Clock, createClock } from "./clock";
import type { Fetched, Http, Posted, Refused, Unreachable } from "./http";
import type { PageEvents } from "./page-events";

/** A clock that stands still until `move`. */
export interface FakeClock extends Clock {
  /** Let time pass and run what is due, in order, with what it starts in between. */
  move(milliseconds: number): Promise<void>;
}

/** Begin at 2026-11-22 18:00 UTC. */
export function fakeClock(startedAt = Date.UTC(2026, 10, 22, 18)): FakeClock {
  let now = startedAt;
  let due: { at: number; work: () => void }[] = [];
  const clock = createClock({
    now: () => now,
    after: (delayMs, work) => {
      const timer = { at: now + delayMs, work };
      due.push(timer);
      return () => {
        due = due.filter((other) => other !== timer);
      };
    },
  });
  return Object.assign(clock, {
    async move(milliseconds: number) {
      const until = now + milliseconds;
      await settled();
      for (;;) {
        const next = due.filter((timer) => timer.at <= until).sort((one, other) => one.at - other.at)[0];
        if (!next) break;
        due = due.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.work();
        await settled();
      }
      now = until;
    },
  });
}

/** Cryptography and blobs that are being worked on outside of this thread: the only work that turns do not end. */
let elsewhere = 0;

function watch(owner: object, names: readonly string[]): void {
  for (const name of names) {
    const work = (owner as Record<string, (...given: unknown[]) => Promise<unknown>>)[name]!;
    const watched = async function (this: unknown, ...given: unknown[]): Promise<unknown> {
      elsewhere += 1;
      try {
        return await work.apply(this, given);
      } finally {
        elsewhere -= 1;
      }
    };
    Object.defineProperty(owner, name, { value: watched, configurable: true });
  }
}
const CRYPTOGRAPHY = ["encrypt", "decrypt", "sign", "verify", "digest", "generateKey", "importKey", "exportKey"];
watch(Object.getPrototypeOf(crypto.subtle) as object, CRYPTOGRAPHY);
watch(Blob.prototype, ["arrayBuffer"]);

/** Turns without work elsewhere after which nothing more happens by itself. */
const QUIET_TURNS = 30;

/** Wait until databases, cryptography and promises have come to rest. */
export async function settled(): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (elsewhere > 0) quiet = 0;
  }
}

/** Page events that are fired by hand. */
export interface FakeEvents extends PageEvents {
  fireOnline(): void;
  fireForeground(): void;
  fireBackground(): void;
  setVisible(isVisible: boolean): void;
  setOffline(isOffline: boolean): void;
}

export function fakeEvents(): FakeEvents {
  const [online, foreground, background] = [new Set<() => void>(), new Set<() => void>(), new Set<() => void>()];
  let isVisible = true;
  let isOffline = false;
  const listen = (set: Set<() => void>) => (work: () => void) => {
    set.add(work);
    return () => set.delete(work);
  };
  return {
    onOnline: listen(online),
    onForeground: listen(foreground),
    onBackground: listen(background),
    isVisible: () => isVisible,
    isOffline: () => isOffline,
    fireOnline: () => online.forEach((work) => work()),
    fireForeground: () => foreground.forEach((work) => work()),
    fireBackground: () => background.forEach((work) => work()),
    setVisible: (value) => {
      isVisible = value;
    },
    setOffline: (value) => {
      isOffline = value;
    },
  };
}

/** One call that the scripted server saw. */
export interface SeenCall {
  method: "GET" | "POST";
  path: string;
  body: unknown;
  etag: string | null;
  sender?: string | null;
  socket?: string | null;
}

type Answer = Posted<unknown> | Fetched<unknown>;

/** A server that answers as `answer` says and remembers what it was asked. */
export function fakeHttp(answer: (call: SeenCall) => Answer | Promise<Answer>): Http & { calls: SeenCall[] } {
  const calls: SeenCall[] = [];
  const respond = async (call: SeenCall): Promise<never> => {
    calls.push(call);
    return (await answer(call)) as never;
  };
  return {
    calls,
    get: (path, options = {}) => respond({ method: "GET", path, body: null, etag: options.etag ?? null }),
    post: (path, body, { sender = null, socket = null } = {}) => respond({ method: "POST", path, body, etag: null, sender, socket }),
  };
}

/** A refusal as the server words it. */
export function refusal(status: number, code: string, retryAfterS: number | null = null): Refused {
  return { status: "refused", problem: problemOf(status, code), retryAfterS };
}

/** No answer. */
export function noAnswer(): Unreachable {
  return { status: "unreachable", reason: "network", problem: problemOf(503, "needs_connection") };
}

function problemOf(status: number, code: string): Problem {
  return { type: `urn:mallrun:problem:${code}`, title: code, status, code, detail: code, next_step: code };
}
