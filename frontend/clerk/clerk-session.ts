/**
 * Who is at the tablet: signed in by the server, or without signal by the tablet itself, or nobody.
 *
 * A sign-in without signal is the tablet's own. As soon as the server answers again it is asked to accept the same
 * code, so that the clerk's steps can be sent and the lists are fresh; until then the last known board is shown.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Command, CommandAnswer, Problem } from "../lib/api";
import { type Clock, isoInstant } from "../lib/clock";
import type { Database } from "../lib/database";
import type { Http, Posted } from "../lib/http";
import { uuidv7 } from "../lib/ids";
import type { LiveState } from "../lib/store";
import type { DeskState, Lock, ReportWrongCodes, SignIn } from "./api";
import type { CheckedCode, ClerkCodes, SignedInClerk } from "./clerk-codes";
import { problemFor } from "./problems";

/** A sign-in that only the tablet knows of. */
export interface OfflineSignIn {
  clerk: SignedInClerk;
  /** Corrected milliseconds. */
  until: number;
  /** For asking the server once it answers; in this page's memory only, and until the tablet locks. */
  code: string;
}

export interface ClerkSession {
  offline: ReadonlySignal<OfflineSignIn | null>;
  /** The tablet shows the lock, whatever the server thinks. */
  isLockedHere: ReadonlySignal<boolean>;
  /** Five wrong codes were typed here: without signal no code opens. */
  isOutOfTries: ReadonlySignal<boolean>;
  /** Why the tablet has locked by itself; null after the next try. */
  lockedBecause: ReadonlySignal<Problem | null>;
  /** Sign a clerk in by the personal code, with the server or without. Null when it worked. */
  signIn(code: string): Promise<Problem | null>;
  /** Lock at once, also without signal: the server ends the sign-in by itself when nobody reports activity. */
  lock(because?: Problem): Promise<void>;
  /** The server has answered with this state. */
  hear(state: DeskState): Promise<void>;
  /** Lock when a sign-in has lasted as long as it may; call every few seconds. */
  endInTime(): void;
  /** The desk is retired: nobody is known here any more. */
  forget(): Promise<void>;
}

interface Parts {
  db: Database;
  http: Pick<Http, "post">;
  clock: Clock;
  live: Pick<LiveState<DeskState>, "view" | "replace" | "refresh">;
  codes: ClerkCodes;
}

type Answer = Posted<CommandAnswer<{ clerk_id: string }, DeskState>>;

/** A clerk waits at the keypad: when the server is slow to answer, the tablet decides. */
const PATIENCE_MS = 6_000;
const LOCKED_HERE = "locked_here";

/** Create the session of this tablet; it reads what an earlier start has kept. */
export async function createClerkSession({ db, http, clock, live, codes }: Parts): Promise<ClerkSession> {
  const offline = signal<OfflineSignIn | null>(null);
  const lockedHere = signal((await db.get("state", LOCKED_HERE)) === true);
  const isOutOfTries = signal(await codes.isLocked());
  const lockedBecause = signal<Problem | null>(null);
  /** Of the clerk whom the server has signed in: when that ends, should the server not be there to end it. */
  let signedIn: { clerkId: string; until: number | null } | null = null;
  let isAsking = false;
  let isReporting = false;

  function fresh(): Command {
    const now = clock.now();
    return { command_id: uuidv7(now), occurred_at: isoInstant(now) };
  }

  function ask(code: string): Promise<Answer> {
    const body: SignIn = { ...fresh(), code };
    return http.post("/sign-in", body, { timeoutMs: PATIENCE_MS });
  }

  async function accept(code: string, state: DeskState): Promise<void> {
    if (state.clerk) await codes.remember(state.clerk, code).catch(() => undefined);
    signedIn = null;
    isOutOfTries.value = await codes.isLocked();
    await setLockedHere(false);
    offline.value = null;
    live.replace(state);
  }

  async function setLockedHere(isLocked: boolean): Promise<void> {
    lockedHere.value = isLocked;
    // A full device still locks; only a reload would not know of it.
    await db.put("state", isLocked, LOCKED_HERE).catch(() => undefined);
  }

  async function decideAlone(code: string): Promise<Problem | null> {
    const checked = await codes.check(code);
    isOutOfTries.value = await codes.isLocked();
    if (checked.status !== "known") return wordsFor(checked);
    // Whoever the server believes to be here is so no longer, also after a reload.
    await setLockedHere(true);
    offline.value = { clerk: checked.clerk, until: checked.until, code };
    // The lists may be old by now: the next try must not wait for its turn.
    void live.refresh();
    return null;
  }

  async function lock(because: Problem | null = null): Promise<void> {
    offline.value = null;
    lockedBecause.value = because;
    await setLockedHere(true);
    const answer = await http.post<CommandAnswer<unknown, DeskState>>("/lock", fresh() satisfies Lock);
    // Somebody may have signed in while the answer was under way.
    if (answer.status === "done" && lockedHere.value && offline.value === null) live.replace(answer.value.state);
  }

  /** Ask the server to accept what the tablet has accepted. */
  async function askAgain({ code }: OfflineSignIn): Promise<void> {
    const answer = await ask(code);
    // Locked in the meantime, or somebody else is here by now.
    if (offline.value?.code !== code) return;
    if (answer.status === "done") return accept(code, answer.value.state);
    if (answer.status === "unreachable" || isPassing(answer.problem)) return;
    await noteRefusal(code, answer.problem);
    await lock(answer.problem);
  }

  /** Tell the server of wrong codes that it has not heard: they count there as they do here. Once by their id. */
  async function reportTries(): Promise<void> {
    const report = isReporting ? null : await codes.toReport();
    if (!report) return;
    isReporting = true;
    const body: ReportWrongCodes = { ...fresh(), ...report };
    const answer = await http.post<CommandAnswer<unknown, DeskState>>("/wrong-codes", body);
    isReporting = false;
    if (answer.status === "unreachable" || (answer.status === "refused" && isPassing(answer.problem))) return;
    await codes.reported(report);
    // Which clerk is here may have changed since the question; that the desk is locked has not.
    void live.refresh();
  }

  /** Only this refusal is about the code; a locked desk refuses right ones, too. */
  async function noteRefusal(code: string, problem: Problem): Promise<void> {
    if (problem.code === "clerk_code_wrong") await codes.refused(code);
    isOutOfTries.value = await codes.isLocked();
  }

  return {
    offline,
    isLockedHere: computed(() => lockedHere.value && offline.value === null),
    isOutOfTries,
    lockedBecause,
    async signIn(code) {
      lockedBecause.value = null;
      const answer = await ask(code);
      if (answer.status === "done") {
        await accept(code, answer.value.state);
        return null;
      }
      if (answer.status === "unreachable" || answer.problem.status >= 500) return decideAlone(code);
      await noteRefusal(code, answer.problem);
      void live.refresh();
      return answer.problem;
    },
    lock,
    async hear(state) {
      await codes.hear(state);
      await reportTries();
      isOutOfTries.value = await codes.isLocked();
      const present = state.clerk?.id ?? null;
      if (present === null) signedIn = null;
      else if (signedIn?.clerkId !== present) {
        const now = { clerkId: present, until: null as number | null };
        signedIn = now;
        now.until = await codes.endOf(present);
      }
      if (!offline.value || isAsking) return;
      isAsking = true;
      await askAgain(offline.value).finally(() => (isAsking = false));
    },
    endInTime() {
      const { state, freshness } = live.view();
      const isAlone = freshness === "offline" && !lockedHere.value;
      const until = offline.value?.until ?? (isAlone ? signedIn?.until : null) ?? null;
      const name = (offline.value?.clerk ?? state?.clerk)?.first_name ?? "";
      if (until !== null && clock.now() >= until) void lock(problemFor("clerk_sign_in_old", { name }));
    },
    async forget() {
      offline.value = null;
      signedIn = null;
      await codes.forget();
      await db.delete("state", LOCKED_HERE);
      lockedHere.value = false;
      isOutOfTries.value = false;
    },
  };
}

/** True for refusals that say nothing about the code: later the server may accept it. */
function isPassing({ status, code }: Problem): boolean {
  return status >= 500 || status === 401 || code === "too_many_requests";
}

function wordsFor(checked: Exclude<CheckedCode, { status: "known" }>): Problem {
  if (checked.status === "wrong") return problemFor("clerk_code_unknown_here", { tries_left: checked.triesLeft });
  if (checked.status === "old") return problemFor("clerk_sign_in_old", { name: checked.clerk.first_name });
  return problemFor(checked.status === "locked" ? "desk_locked_here" : "no_clerk_known_here");
}
