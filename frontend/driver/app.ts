/** Wiring: the shared pieces become one app whose parts write the signals of `state.ts`. */
import { effect } from "@preact/signals";
import { askToBeWoken, onSyncMessage } from "../lib/background-sync";
import { type Clock, createClock } from "../lib/clock";
import { type Database, forgetState, openDatabase } from "../lib/database";
import { createHttp } from "../lib/http";
import { t } from "../lib/i18n";
import { createLock } from "../lib/lock";
import { createOutbox } from "../lib/outbox";
import { pageEvents } from "../lib/page-events";
import { persistStorage } from "../lib/storage";
import { type LiveState, createLiveState, keepIn } from "../lib/store";
import type { DriverState } from "./api";
import { type Commands, createCommands } from "./commands";
import { type PhoneEnrolment, createPhoneEnrolment } from "./phone-key";
import { stayAwakeOnTheRoad, watchPositions } from "./road";
import { createSession } from "./session";
import * as signals from "./state";

export interface App {
  commands: Commands;
  live: LiveState<DriverState>;
  enrolment: PhoneEnrolment;
  clock: Clock;
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
  const live = createLiveState<DriverState>({ http: session.watched, clock, events, keeper: keepIn(db) });
  const outbox = createOutbox<DriverState>({
    db,
    http: session.guarded,
    clock,
    events,
    lock: createLock("mallrun-driver-outbox"),
    userId: () => live.view().state?.me.id ?? null,
    onAnswer: (answer) => answer.state && live.replace(answer.state),
    onLeft: () => void askToBeWoken(),
    waitMs: ANSWER_WAIT_MS,
  });
  onSyncMessage(({ type }) => {
    if (type === "outbox-flush") return void outbox.flush();
    void outbox.recount();
    void live.refresh();
  });
  const enrolment = createPhoneEnrolment({ db, outbox, onChange: (phone) => (signals.phone.value = phone) });
  const knowPhone = async (state: DriverState, isNews: boolean, isConfirmed: boolean): Promise<void> => {
    if (!isConfirmed) await enrolment.recall(state);
    else if (isNews || signals.phone.value.status === "unknown") await enrolment.check(state);
  };
  const commands = createCommands({ outbox, http, db, clock, fix: () => signals.fix.value });

  outbox.subscribe((view) => (signals.outbox.value = view));
  live.subscribe((view) => {
    const before = signals.live.value.state;
    const isNews = view.state !== before;
    signals.live.value = view;
    if (isNews) noteEndOfRun(before, view.state);
    const isConfirmed = session.confirm(view.state);
    if (isConfirmed) void outbox.flush();
    if (view.state) void knowPhone(view.state, isNews, isConfirmed);
  });
  leaveWhenSignedOut();
  watchPositions(http, clock);
  stayAwakeOnTheRoad();
  tick(clock);
  live.start();
  outbox.start();
  void persistStorage();
  return { commands, live, enrolment, clock, leave: () => leave(commands, db) };
}

/** A finished run shows its earnings; one that was given to somebody else must not vanish without a word. */
function noteEndOfRun(before: DriverState | null, after: DriverState | null): void {
  const ended = before?.run?.id;
  if (!ended || !after || after.run?.id === ended) return;
  if (after.last_finished?.id === ended) return signals.setEndedHere(ended);
  signals.say(t("This run is no longer yours. It was released or given to another driver."));
}

function leaveWhenSignedOut(): void {
  effect(() => {
    const isSignedOut = signals.live.value.problem?.status === 401 || signals.outbox.value.isPaused;
    if (isSignedOut) location.assign(LOGIN);
  });
}

function tick(clock: Clock): void {
  signals.now.value = clock.now();
  clock.after(TICK_MS, () => tick(clock));
}

async function leave(commands: Commands, db: Database): Promise<void> {
  const outcome = await commands.signOut();
  if (outcome.status === "refused" && outcome.problem.status !== 401) return signals.say(outcome.problem.next_step);
  await forgetState(db).catch(() => undefined);
  location.assign(LOGIN);
}

