/**
 * Forgetting a run: what names customers leaves this phone two hours after the run's end, and at once when the driver
 * signs out or another phone takes over. A photo that was not used leaves with its stop. Unsent steps stay until they are
 * sent; they are sealed.
 */
import type { Clock } from "../lib/clock";
import { type Database, type KeptState, forgetState } from "../lib/database";
import type { OutboxView } from "../lib/outbox-contract";
import type { StateKeeper } from "../lib/store";
import type { DriverState, Run } from "./api";
import { STILL } from "./still-key";
import { currentStop } from "./steps";

/** Long enough to look up what a customer asks about on the phone. */
const KEPT_AFTER_END_MS = 2 * 60 * 60 * 1_000;
/** Runs are of one day: a state that nobody renewed for so long is of one that is over. */
const LONGEST_KEPT_MS = 24 * 60 * 60 * 1_000;
const ENDED = "ended_at";
const RUN = "run_id";

/** When the run of a state ended as far as this phone knows, in milliseconds; null while it goes on or there is none. */
export function endOf(state: DriverState, pending: OutboxView["pending"]): number | null {
  if (!state.run) return state.last_finished ? Date.parse(state.last_finished.finished_at) : null;
  if (currentStop(state.run, pending)) return null;
  const last = pending.at(-1)?.occurredAt;
  return last === undefined ? null : Date.parse(last);
}

/** Keeps the state as `keeper` does, but paints none that is too old, and keeps none while `mayKeep` says no. */
export function forgetful(keeper: StateKeeper, clock: Clock, mayKeep: () => boolean): StateKeeper {
  return {
    async load() {
      const kept = await keeper.load();
      return kept && !isTooOld(kept, clock) ? kept : undefined;
    },
    async save(kept) {
      if (mayKeep()) await keeper.save(kept);
    },
  };
}

function isTooOld(kept: KeptState, clock: Clock): boolean {
  return clock.device() + kept.offset_ms - kept.saved_at > LONGEST_KEPT_MS;
}

/**
 * Wipe what a run left when its time has come; call now and then.
 *
 * The end is noted in the database, because the server tells of a finished run for an hour only. Answers true when
 * something was wiped.
 */
export async function wipeWhenOver(db: Database, now: number, state: DriverState | null, pending: OutboxView["pending"]): Promise<boolean> {
  if (state) await wipeStills(db, state.run);
  const told = state && endOf(state, pending);
  const noted = (await db.get("state", ENDED)) as number | undefined;
  if (state?.run && told === null) {
    await noteRun(db, state.run.id, noted !== undefined);
    return false;
  }
  const ended = told ?? noted;
  if (ended === undefined) return false;
  if (now - ended >= KEPT_AFTER_END_MS) {
    await forgetState(db);
    return true;
  }
  if (noted !== ended) await db.put("state", ended, ENDED);
  return false;
}

/** A run is going on. What was sent in another one before it is forgotten now. */
async function noteRun(db: Database, runId: string, wasOver: boolean): Promise<void> {
  if (wasOver) await db.delete("state", ENDED);
  if ((await db.get("state", RUN)) === runId) return;
  await db.clear("sent");
  await db.put("state", runId, RUN);
}

/** Forget the photos that were taken at stops that are over, or of another run, and never used. */
async function wipeStills(db: Database, run: Run | null): Promise<void> {
  const open = run?.stops.filter(({ status }) => status !== "done" && status !== "skipped").map(({ id }) => STILL + id);
  for (const key of await db.getAllKeys("photos")) if (key.startsWith(STILL) && !open?.includes(key)) await db.delete("photos", key);
}
