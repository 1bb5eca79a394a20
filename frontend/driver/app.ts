/** Wiring: the shared pieces become one app whose parts write the signals of `state.ts`. */
import { effect } from "@preact/signals";
import { askToBeWoken, onSyncMessage } from "../lib/background-sync";
import { createChain } from "../lib/chain";
import { type Clock, createClock } from "../lib/clock";
import { type Database, forgetState, openDatabase } from "../lib/database";
import { NO_ANCHOR } from "../lib/envelope";
import { createHttp } from "../lib/http";
import { t } from "../lib/i18n";
import { createLock } from "../lib/lock";
import { createOutbox } from "../lib/outbox";
import { type PageEvents, pageEvents } from "../lib/page-events";
import { sparingNudges } from "../lib/sparing";
import { persistStorage } from "../lib/storage";
import { type LiveState, createLiveState, keepIn } from "../lib/store";
import type { DriverState } from "./api";
import { type Commands, createCommands } from "./commands";
import { type PhoneEnrolment, type PhoneKey, createPhoneEnrolment } from "./phone-key";
import { signingKey } from "./phone-signing";
import { type PresenceCodes, createPresenceCodes } from "./presence";
import { stayAwakeOnTheRoad, watchPositions } from "./road";
import { sentBy } from "./sent";
import { createSession } from "./session";
import { goHome } from "./navigation";
import * as signals from "./state";
import type { Keeping } from "./stills";
import { forgetful, wipeWhenOver } from "./wiping";

export interface App {
  commands: Commands;
  live: LiveState<DriverState>;
  enrolment: PhoneEnrolment;
  presence: PresenceCodes;
  clock: Clock;
  keeping: Keeping;
  /** Sign out, forget what was shown, and open the sign-in page. */
  leave(): Promise<void>;
}

const BASE_PATH = "/driver/api";
const LOGIN = "/driver/login?next=/driver/";
/** How long a tap waits for the server before it says "saved on this phone". */
const ANSWER_WAIT_MS = 3_000;
const TICK_MS = 20_000;

/** Start the app. Raises the browser's error when nothing may be stored on this phone. */
export async function startApp(): Promise<App> {
  const db = await openDatabase("mallrun-driver");
  const clock = createClock();
  const events = pageEvents(document, window);
  const http = createHttp({ fetch: (input, init) => fetch(input, init), basePath: BASE_PATH });
  const session = createSession(http);
  const live = createLiveState<DriverState>({ http: session.watched, clock, events, keeper: forgetful(keepIn(db, "state", mayKeep), clock, mayKeep) });
  const me = (): string | null => live.view().state?.me.id ?? null;
  const ownKey = () => signingKey(db, me());
  const anchor = (): string => live.view().state?.checkpoint?.anchor ?? NO_ANCHOR;
  const chain = createChain({ db, clock, lock: createLock("mallrun-driver-chain"), key: ownKey, anchor });
  const outbox = createOutbox<DriverState>({
    db,
    http: sparingNudges(session.guarded, live),
    clock,
    events,
    lock: createLock("mallrun-driver-outbox"),
    chain,
    userId: me,
    onAnswer: (answer) => answer.state && live.replace(answer.state),
    onLeft: () => void askToBeWoken(),
    waitMs: ANSWER_WAIT_MS,
  });
  onSyncMessage(({ type }) => {
    if (type === "outbox-flush") return void outbox.flush();
    if (type === "open-home") goHome();
    void outbox.recount();
    void live.refresh();
  });
  const speaker = () => {
    const id = me();
    if (!id || signals.phone.value.status !== "ready") return null;
    return { id, auth: live.view().freshness === "offline" ? ("offline" as const) : ("online" as const) };
  };
  const noteKey = (phone: PhoneKey): void => {
    const mightNotKeep = !mayKeep();
    signals.phone.value = phone;
    // The answer that made this phone the active one came while it was not: nothing of it was kept.
    if (mightNotKeep && mayKeep()) void live.refresh();
  };
  const enrolment = createPhoneEnrolment({ db, outbox, onChange: noteKey });
  const knowPhone = async (state: DriverState, isNews: boolean, isConfirmed: boolean): Promise<void> => {
    if (!isConfirmed) await enrolment.recall(state);
    else if (isNews || signals.phone.value.status === "unknown") await enrolment.check(state);
  };
  const presence = createPresenceCodes({ db, clock, key: ownKey, anchor });
  const commands = createCommands({ outbox, http, db, clock, fix: () => signals.fix.value, speaker });

  outbox.subscribe((view) => {
    signals.outbox.value = view;
    void sentBy(db, me()).then((sent) => (signals.sent.value = sent), () => undefined);
  });
  live.subscribe((view) => {
    const before = signals.live.value.state;
    const isNews = view.state !== before;
    signals.live.value = view;
    if (isNews) noteEndOfRun(before, view.state);
    const isConfirmed = session.confirm(view.state);
    if (isConfirmed) void outbox.flush();
    if (isConfirmed && view.state) renewPushes(view.state, commands);
    if (view.state) void knowPhone(view.state, isNews, isConfirmed);
  });
  leaveWhenSignedOut(db);
  wipeWhenReplaced(db);
  watchPositions(http, clock);
  stayAwakeOnTheRoad();
  watchClock(clock, events);
  tick(clock, events, db);
  live.start();
  outbox.start();
  void persistStorage();
  return { commands, live, enrolment, presence, clock, keeping: { db, mayKeep }, leave: () => leave(commands, db) };
}

let isRenewed = false;

/** Messages to this phone go on with the sign-in of now, where the driver has turned them on. */
function renewPushes({ me }: DriverState, commands: Commands): void {
  if (isRenewed || !("Notification" in window) || Notification.permission !== "granted") return;
  isRenewed = true;
  void import("./pushing").then(({ renew }) => renew(me, commands)).catch(() => undefined);
}

/** A finished run shows its earnings; one that was given to somebody else must not vanish without a word. */
function noteEndOfRun(before: DriverState | null, after: DriverState | null): void {
  const ended = before?.run?.id;
  if (!ended || !after || after.run?.id === ended) return;
  if (after.last_finished?.id === ended) return signals.setEndedHere(ended);
  signals.say(t("This run is no longer yours. It was released or given to another driver."));
}

/** Set once the driver signs out: what is still on its way into the database stays out. */
let isLeaving = false;

/** While another phone is the driver's active one, and after signing out, nothing about the run is kept. */
function mayKeep(): boolean {
  return !isLeaving && !["other_phone", "replaced"].includes(signals.phone.value.status);
}

function wipeWhenReplaced(db: Database): void {
  effect(() => {
    if (!mayKeep()) void forgetState(db).catch(() => undefined);
  });
}

function leaveWhenSignedOut(db: Database): void {
  effect(() => {
    const isSignedOut = signals.live.value.problem?.status === 401 || signals.outbox.value.isPaused;
    if (!isSignedOut) return;
    isLeaving = true;
    // On a phone where nobody was signed in, nothing has ended.
    const login = signals.state.value || signals.outbox.value.isPaused ? `${LOGIN}&again` : LOGIN;
    void forgetState(db).catch(() => undefined).then(() => location.assign(login));
  });
}

/** A clock that is set by hand while the app is in front is noticed at the next look. */
function watchClock(clock: Clock, events: PageEvents): void {
  events.onBackground(() => clock.observe(true));
  events.onForeground(() => clock.observe(false));
}

function tick(clock: Clock, events: PageEvents, db: Database): void {
  signals.now.value = clock.now();
  clock.observe(events.isVisible());
  void wipeWhenOver(db, clock.now(), signals.state.value, signals.outbox.value.pending).catch(() => undefined);
  clock.after(TICK_MS, () => tick(clock, events, db));
}

async function leave(commands: Commands, db: Database): Promise<void> {
  const outcome = await commands.signOut();
  if (outcome.status === "refused" && outcome.problem.status !== 401) return signals.say(outcome.problem.next_step);
  isLeaving = true;
  await Promise.allSettled([forgetState(db), import("./pushing").then(({ turnOff }) => turnOff(null))]);
  location.assign(LOGIN);
}

