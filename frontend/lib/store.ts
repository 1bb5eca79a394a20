/**
 * One audience's state document, as fresh as the connection allows: first what was kept, then the server's answer,
 * then again whenever the socket says `changed`. Without a socket it is polled; without a connection it says so.
 */
import type { PositionMessage, Problem, SocketGrant } from "./api";
import { backoffDelay } from "./backoff";
import type { Clock } from "./clock";
import type { Database, KeptState } from "./database";
import type { Fetched, Http } from "./http";
import type { PageEvents } from "./page-events";
import { type Sealed, seal, unseal } from "./sealing";
import { createLiveSocket, type LiveSocket, type LiveSocketOptions } from "./socket";

/** What every state document has. */
export interface LiveDocument {
  rev: string;
  server_time: string;
  socket: SocketGrant | null;
}

/** live: the socket will tell of changes · polling: asked every few seconds · offline: the last answer failed. */
export type Freshness = "live" | "polling" | "offline";

export interface LiveView<State> {
  /** Null until something was ever heard. */
  state: State | null;
  freshness: Freshness;
  /** Corrected milliseconds of the last answer, also of an earlier start; null when there was none. */
  lastAt: number | null;
  /** The refusal of the last fetch: 401 means sign in again. Null when it went well or had no answer. */
  problem: Problem | null;
}

export interface LiveState<State> {
  view(): LiveView<State>;
  /** Called at once and after each change; the answer ends it. */
  subscribe(listener: (view: LiveView<State>) => void): () => void;
  /** Ask the server now. Resolves when the answer is shown. */
  refresh(): Promise<void>;
  /** Take over the state that came with a command's answer. */
  replace(state: State): void;
  /** The open connection's name, or null: see `sparingNudges`. */
  socketId(): string | null;
  /** Paint what was kept, ask the server, connect; the answer ends it all. */
  start(): () => void;
}

/** Where the last document is kept between starts; null keeps nothing. */
export interface StateKeeper {
  load(): Promise<KeptState | undefined>;
  save(kept: KeptState): Promise<void>;
}

export interface LiveStateOptions {
  http: Http;
  clock: Clock;
  events: PageEvents;
  keeper: StateKeeper | null;
  path?: string;
  onPosition?: (message: PositionMessage) => void;
  chance?: () => number;
  createSocket?: (options: LiveSocketOptions) => LiveSocket;
}

const LIVE_EVERY_MS = 30_000;
const POLL_EVERY_MS = 5_000;
const OFFLINE_CAP_MS = 30_000;

/** Keep the state document in an audience's database under `key`, sealed. */
export function keepIn(db: Database, key = "state", mayKeep: () => boolean = () => true): StateKeeper {
  return {
    async load() {
      const sealed = (await db.get("state", key)) as Sealed | undefined;
      return sealed && unseal<KeptState>(db, sealed);
    },
    async save(kept) {
      const sealed = await seal(db, kept);
      // Sealing takes a moment, in which everything may have been forgotten: it must not come back.
      if (mayKeep()) await db.put("state", sealed, key);
    },
  };
}

/** Create the live state of one audience; nothing happens before `start`. */
export function createLiveState<State extends LiveDocument>(options: LiveStateOptions): LiveState<State> {
  const { http, clock, events, keeper, path = "/state", onPosition, chance = Math.random } = options;
  const listeners = new Set<(view: LiveView<State>) => void>();
  let view: LiveView<State> = { state: null, freshness: "polling", lastAt: null, problem: null };
  let etag: string | null = null;
  let isConnected = false;
  let isStopped = false;
  /** Nobody is known here: asking again by itself would be refused again, until a command's answer brings a state. */
  let isResting = false;
  let failures = 0;
  /** Grows when a command's answer replaces the state: a fetch from before that is then out of date. */
  let generation = 0;
  let unusedTicket: string | null = null;
  let fetching: Promise<void> | null = null;
  let isAskedAgain = false;
  let cancelNext: () => void = () => undefined;

  const socket = (options.createSocket ?? createLiveSocket)({
    ticket,
    clock,
    chance,
    ...(onPosition ? { onPosition } : {}),
    onChanged: () => void refresh(),
    onEnded: () => void refresh(),
    onConnected: (connected) => {
      isConnected = connected;
      void refresh();
    },
  });

  function show(change: Partial<LiveView<State>>): void {
    view = { ...view, ...change };
    for (const listener of listeners) listener(view);
  }

  function heard(): Partial<LiveView<State>> {
    failures = 0;
    return { freshness: isConnected ? "live" : "polling", lastAt: clock.now(), problem: null };
  }

  function take(state: State): void {
    if (isResting) {
      isResting = false;
      socket.open();
      planNext();
    }
    unusedTicket = state.socket?.ticket ?? null;
    show({ ...heard(), state });
    void keep();
  }

  async function keep(): Promise<void> {
    const kept = { value: view.state, etag, saved_at: clock.now(), offset_ms: clock.offset(), synced_at: clock.syncedAt() };
    await keeper?.save(kept).catch(() => undefined);
  }

  function apply(answer: Fetched<State>): void {
    if (answer.status === "fresh") {
      clock.learn(answer.value.server_time, answer.sentAt, answer.receivedAt);
      etag = answer.etag;
      take(answer.value);
    } else if (answer.status === "unchanged") {
      show(heard());
      // When it was heard is news, and it may not have been allowed to be kept before.
      void keep();
    } else if (answer.status === "refused" && answer.problem.status < 500) {
      isResting = answer.problem.status === 401;
      if (isResting) socket.close();
      show({ ...heard(), problem: answer.problem });
    }
    else {
      failures += 1;
      show({ freshness: "offline" });
    }
  }

  async function fetchOnce(knownEtag: string | null): Promise<void> {
    const begun = generation;
    const answer = await http.get<State>(path, { etag: knownEtag });
    if (isStopped) return;
    if (begun === generation) apply(answer);
    else isAskedAgain = true;
  }

  async function fetchUntilSettled(): Promise<void> {
    try {
      do {
        isAskedAgain = false;
        await fetchOnce(etag);
      } while (isAskedAgain && !isStopped && view.freshness !== "offline");
    } finally {
      fetching = null;
      planNext();
    }
  }

  /** Ask now; while an answer is under way, ask once more after it. */
  async function refresh(): Promise<void> {
    if (isStopped) return;
    if (fetching) isAskedAgain = true;
    else fetching = fetchUntilSettled();
    await fetching;
  }

  function planNext(): void {
    cancelNext();
    if (isStopped || isResting) return;
    const usual = isConnected ? LIVE_EVERY_MS : POLL_EVERY_MS;
    const jittered = usual * (0.8 + 0.4 * chance());
    const delay = failures > 0 ? Math.max(jittered, backoffDelay(failures, POLL_EVERY_MS, OFFLINE_CAP_MS, chance())) : jittered;
    cancelNext = clock.after(delay, () => (events.isVisible() ? void refresh() : planNext()));
  }

  /** The ticket of the last document once, then a new document for each further attempt: a 304 brings no ticket. */
  async function ticket(): Promise<string | null> {
    if (unusedTicket === null) await fetchOnce(null);
    const granted = unusedTicket;
    unusedTicket = null;
    return granted;
  }

  async function paintKept(): Promise<void> {
    const kept = await keeper?.load().catch(() => undefined);
    if (!kept || view.state !== null) return;
    clock.setOffset(kept.offset_ms, kept.synced_at);
    etag = kept.etag;
    show({ state: kept.value as State, lastAt: kept.saved_at });
  }

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      listener(view);
      return () => listeners.delete(listener);
    },
    refresh,
    socketId: () => socket.id(),
    replace(state) {
      generation += 1;
      // As the server tags this revision when it is fetched.
      etag = `W/"${state.rev}"`;
      take(state);
    },
    start() {
      isStopped = false;
      const again = (): void => {
        void refresh();
        if (!isResting) socket.open();
      };
      const stops = [events.onOnline(again), events.onForeground(again)];
      void paintKept().then(refresh).then(() => {
        if (!isStopped && !isResting) socket.open();
      });
      return () => {
        isStopped = true;
        cancelNext();
        socket.close();
        for (const stop of stops) stop();
      };
    },
  };
}
