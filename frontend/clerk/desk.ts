/** The tablet's parts, put together once, and the signals that the screens read. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Clock, createClock } from "../lib/clock";
import { type Database, openDatabase } from "../lib/database";
import { createHttp, type Http } from "../lib/http";
import { createLock } from "../lib/lock";
import { createOutbox, type Outbox, type OutboxView } from "../lib/outbox";
import { pageEvents } from "../lib/page-events";
import { createLiveState, keepIn, type LiveState, type LiveView, type StateKeeper } from "../lib/store";
import type { Updates } from "../lib/updates";
import type { DeskState } from "./api";
import { createClerkCodes } from "./clerk-codes";
import { type ClerkSession, createClerkSession } from "./clerk-session";
import { type Board, boardOf, lockedOf, shownView } from "./shown";

export interface Desk {
  db: Database;
  http: Http;
  clock: Clock;
  live: LiveState<DeskState>;
  outbox: Outbox<DeskState>;
  session: ClerkSession;
  /** What the screens show: see `shownView`. */
  view: ReadonlySignal<LiveView<DeskState>>;
  kept: Signal<OutboxView>;
  /** Server-corrected milliseconds, renewed every few seconds: what "late" and "in 5 min" are counted from. */
  now: Signal<number>;
  /** Set while a new release waits for somebody's consent. */
  update: Signal<Updates | null>;
  /** The last thing to say, shown for a moment and read aloud. */
  said: Signal<{ text: string; at: number } | null>;
}

const NOW_EVERY_MS = 5_000;
const API = "/desk/api";

/** Create everything and start it. Raises: the browser's error when it keeps no data. */
export async function openDesk(): Promise<Desk> {
  const clock = createClock();
  const db = await openDatabase("mallrun-desk");
  const http = createHttp({ fetch: (input, init) => fetch(input, init), basePath: API });
  const events = pageEvents(document, window);
  const keeper = withoutNames(keepIn(db));
  const live = createLiveState<DeskState>({ http, clock, events, keeper });
  const session = await createClerkSession({ db, http, clock, live, codes: createClerkCodes({ db, clock }) });
  const [heard, board] = [signal(live.view()), signal<Board | null>(null)];
  const view = computed(() => shownView(heard.value, session.offline.value?.clerk ?? null, board.value));
  const outbox = createOutbox<DeskState>({
    db,
    http,
    clock,
    events,
    lock: createLock("mallrun-desk-outbox"),
    userId: () => view.value.state?.clerk?.id ?? null,
    onAnswer: (answer) => live.replace(answer.state),
  });
  const desk: Desk = {
    db, http, clock, live, outbox, session, view,
    kept: signal(outbox.view()),
    now: signal(clock.now()),
    update: signal(null),
    said: signal(null),
  };
  startDesk(desk, { heard, board, isFromServer: (state) => state !== keeper.loaded() });
  return desk;
}

interface Followed {
  heard: Signal<LiveView<DeskState>>;
  board: Signal<Board | null>;
  isFromServer: (state: DeskState) => boolean;
}

function startDesk(desk: Desk, { heard, board, isFromServer }: Followed): void {
  let clerkId: string | null = null;
  desk.live.subscribe((view) => {
    const { state } = view;
    const isNew = state !== heard.value.state;
    board.value = (isNew && state && boardOf(state, desk.clock.now())) || board.value;
    heard.value = view;
    if (state && isFromServer(state) && view.freshness !== "offline") void desk.session.hear(state);
    const present = state?.clerk?.id ?? null;
    // Whoever is here now, their own unsent commands may go.
    if (present !== null && present !== clerkId) void desk.outbox.resume();
    clerkId = present;
  });
  desk.outbox.subscribe((view) => {
    const isNewlyPaused = view.isPaused && !desk.kept.value.isPaused;
    desk.kept.value = view;
    // A 401 means that the clerk's sign-in or the whole desk is gone: the state tells which.
    if (isNewlyPaused) void desk.live.refresh();
  });
  desk.live.start();
  desk.outbox.start();
  const tick = (): void => {
    desk.now.value = desk.clock.now();
    desk.session.endInTime();
    desk.clock.after(NOW_EVERY_MS, tick);
  };
  tick();
}

/** Keep only what a locked screen shows: whoever starts the tablet again sees no customers before signing in. */
function withoutNames(keeper: StateKeeper): StateKeeper & { loaded(): unknown } {
  let loaded: unknown;
  return {
    loaded: () => loaded,
    async load() {
      const kept = await keeper.load();
      loaded = kept?.value;
      return kept;
    },
    save: (kept) => {
      const state = kept.value as DeskState | null;
      // Without the ETag the next answer is the whole document again.
      return keeper.save({ ...kept, value: state && lockedOf(state), etag: null });
    },
  };
}

/** Say something once: a toast that a screen reader hears too. */
export function say(desk: Desk, text: string): void {
  desk.said.value = { text, at: desk.clock.device() };
}

export const DeskContext = createContext<Desk | null>(null);

/** The desk of this page. */
export function useDesk(): Desk {
  return useContext(DeskContext)!;
}

/** The state of an unlocked desk; only screens behind the lock call it. */
export function useDeskState(): DeskState {
  return useDesk().view.value.state!;
}
