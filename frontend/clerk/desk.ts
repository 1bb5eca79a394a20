/** The tablet's parts, put together once, and the signals that the screens read. */
import { computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { createChain } from "../lib/chain";
import { type Clock, createClock } from "../lib/clock";
import { type Database, forgetState, openDatabase } from "../lib/database";
import { createHttp, type Http } from "../lib/http";
import { createLock } from "../lib/lock";
import { createOutbox, type Outbox, type OutboxView } from "../lib/outbox";
import { pageEvents } from "../lib/page-events";
import { sparingNudges } from "../lib/sparing";
import { createLiveState, type LiveState, type LiveView } from "../lib/store";
import type { Updates } from "../lib/updates";
import type { DeskState } from "./api";
import { type BoardKeeper, createBoardKeeper } from "./board-keeper";
import { createClerkCodes } from "./clerk-codes";
import { type ClerkSession, createClerkSession } from "./clerk-session";
import { createDriverPhotos, type DriverPhotos } from "./driver-photos";
import { type HandedLog, type HandedNow, handedNow, NOTHING_HANDED, readHanded } from "./handed";
import { addressOf, route } from "./route";
import { anchorOf, ownKey } from "./session";
import { shownView } from "./shown";

/** Something said for a moment, and perhaps how to take it back. */
export interface Said {
  text: string;
  at: number;
  undo: { label: string; act: () => void } | null;
  /** The screen it was said on: the way back is offered there only. */
  address: string;
}

export interface Desk {
  db: Database;
  http: Http;
  clock: Clock;
  live: LiveState<DeskState>;
  outbox: Outbox<DeskState>;
  session: ClerkSession;
  photos: DriverPhotos;
  /** What the screens show: see `shownView`. */
  view: ReadonlySignal<LiveView<DeskState>>;
  kept: Signal<OutboxView>;
  /** What this tablet has said today. */
  handed: Signal<HandedLog>;
  /** Server-corrected milliseconds, renewed every few seconds: what "late" and "in 5 min" are counted from. */
  now: Signal<number>;
  /** Set while a new release waits for somebody's consent. */
  update: Signal<Updates | null>;
  /** The last thing to say, shown for a moment and read aloud. */
  said: Signal<Said | null>;
}

const NOW_EVERY_MS = 5_000;
const API = "/desk/api";

/** Create everything and start it. Raises: the browser's error when it keeps no data. */
export async function openDesk(): Promise<Desk> {
  const clock = createClock();
  const db = await openDatabase("mallrun-desk");
  const http = createHttp({ fetch: (input, init) => fetch(input, init), basePath: API });
  const events = pageEvents(document, window);
  const keeper = createBoardKeeper(db, clock);
  const live = createLiveState<DeskState>({ http, clock, events, keeper });
  const session = await createClerkSession({ db, http, clock, live, codes: createClerkCodes({ db, clock }) });
  const photos = createDriverPhotos({ db, fetch: (address) => fetch(address, { credentials: "same-origin" }) });
  const heard = signal(live.view());
  const view = computed(() => shownView(heard.value, session.offline.value?.clerk ?? null, keeper.board.value));
  const outbox = createOutbox<DeskState>({
    db,
    http: sparingNudges(http, live),
    clock,
    events,
    lock: createLock("mallrun-desk-outbox"),
    userId: () => view.value.state?.clerk?.id ?? null,
    statementsOf: "anyone",
    chain: createChain({
      db,
      clock,
      lock: createLock("mallrun-desk-chain"),
      key: () => ownKey(db, heard.value.state?.desk.kid ?? null),
      anchor: () => anchorOf(heard.value.state),
    }),
    onAnswer: (answer) => live.replace(answer.state),
  });
  const desk: Desk = {
    db, http, clock, live, outbox, session, photos, view,
    kept: signal(outbox.view()),
    handed: signal(NOTHING_HANDED),
    now: signal(clock.now()),
    update: signal(null),
    said: signal(null),
  };
  startDesk(desk, keeper, heard);
  return desk;
}

function startDesk(desk: Desk, keeper: BoardKeeper, heard: Signal<LiveView<DeskState>>): void {
  let isRetired = false;
  desk.live.subscribe((view) => {
    const { state, problem } = view;
    heard.value = view;
    if (problem?.status === 401 && !isRetired) void retire(desk, keeper);
    isRetired = problem?.status === 401;
    if (state && !keeper.isOwn(state) && view.freshness !== "offline") void desk.session.hear(state);
  });
  followSender(desk, heard);
  desk.outbox.subscribe((view) => {
    const isNewlyPaused = view.isPaused && !desk.kept.value.isPaused;
    desk.kept.value = view;
    void readHanded(desk.db, desk.clock.now()).then((log) => (desk.handed.value = log)).catch(() => undefined);
    // A 401 means that the clerk's sign-in or the whole desk is gone: the state tells which.
    if (isNewlyPaused) void desk.live.refresh();
  });
  effect(() => {
    const { state, freshness } = desk.view.value;
    // A face comes out of the database only for somebody who may see it.
    if (!state?.clerk || desk.session.isLockedHere.value) return;
    const canFetch = freshness !== "offline" && desk.session.offline.value === null;
    void desk.photos.follow(state.arriving.map(({ driver }) => driver), canFetch);
  });
  desk.live.start();
  desk.outbox.start();
  const tick = (): void => {
    desk.now.value = desk.clock.now();
    desk.clock.observe(document.visibilityState === "visible");
    desk.session.endInTime();
    // Faces go with the lists that they belong to.
    if (keeper.dropOld()) void desk.photos.forget();
    desk.clock.after(NOW_EVERY_MS, tick);
  };
  tick();
}

/**
 * Send again whenever somebody else is here, or nobody: a step of a clerk who was signed out stops the outbox, and what
 * the desk itself has to say must not wait behind it.
 */
function followSender(desk: Desk, heard: Signal<LiveView<DeskState>>): void {
  const sender = computed(() => {
    const { state, problem } = heard.value;
    // Not while the desk itself is unknown: every sending would be refused.
    return problem?.status === 401 ? null : JSON.stringify([state?.clerk?.id, desk.view.value.state?.clerk?.id]);
  });
  effect(() => {
    const isKnown = sender.value !== null;
    // What resuming reads and shows must not start this again.
    untracked(() => isKnown && void desk.outbox.resume());
  });
}

/** The server does not know this tablet any more: forget the store's people. Unsent steps and the key's chain stay. */
async function retire(desk: Desk, keeper: BoardKeeper): Promise<void> {
  await desk.session.forget();
  await keeper.forget();
  await desk.photos.forget();
  await forgetState(desk.db);
}

/** Say something once: a toast that a screen reader hears too. */
export function say(desk: Desk, text: string, undo: Said["undo"] = null): void {
  desk.said.value = { text, at: desk.clock.device(), undo, address: addressOf(route.value) };
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

/** By delivery id, what this tablet has said and the lists do not show yet. */
export function useHanded(): ReadonlyMap<string, HandedNow> {
  const desk = useDesk();
  return handedNow(useDeskState(), desk.view.value.lastAt, desk.handed.value, desk.kept.value.pending);
}
