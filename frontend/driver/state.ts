/** All that the screens read, as signals. Written by `app.ts` only, except where a name says otherwise. */
import { computed, signal } from "@preact/signals";
import type { Problem } from "../lib/api";
import type { OutboxView } from "../lib/outbox-contract";
import type { LiveView } from "../lib/store";
import type { Updates } from "../lib/updates";
import type { DriverState, Stop } from "./api";
import type { PhoneKey } from "./phone-key";
import type { Fix } from "./positions";
import { type Route, parseRoute } from "./route";
import { type Mark, type Step, currentStop, markOf, stepOf } from "./steps";

const SEEN_KEY = "mallrun-driver-seen-run";

/** The server's document, and how fresh it is. */
export const live = signal<LiveView<DriverState>>({ state: null, freshness: "polling", lastAt: null, problem: null });
/** What waits to be sent or was refused. */
export const outbox = signal<OutboxView>({
  unsent: 0, pending: [], isSending: false, isPaused: false, lastProblem: null, nextTryAt: null, refused: [], ofOthers: 0,
});
export const route = signal<Route>(parseRoute(""));
export const phone = signal<PhoneKey>({ status: "unknown", kid: null });
export const fix = signal<Fix | null>(null);
export const positionProblem = signal<Problem | null>(null);
/** A new release that waits for consent. */
export const update = signal<Updates | null>(null);
/** Opens the browser's own install question; null when there is none. */
export const install = signal<(() => void) | null>(null);
/** Corrected milliseconds, moved on now and then for "in 12 min". */
export const now = signal(Date.now());
/** A result to say once, politely. Written by screens through `say`. */
export const announcement = signal<{ text: string; tone: "neutral" | "go" } | null>(null);
export const seenFinished = signal<string | null>(readSeen());

export const state = computed(() => live.value.state);
export const run = computed(() => state.value?.run ?? null);
/** The first stop that still needs the driver. */
export const current = computed(() => (run.value ? currentStop(run.value, outbox.value.pending) : null));

/** The unsent steps of a stop, and the step it is at. */
export function progressOf(stop: Stop): { mark: Mark; step: Step } {
  const mark = markOf(stop.id, outbox.value.pending);
  return { mark, step: stepOf(stop, mark) };
}

/** Say a result on the screen and to a screen reader. */
export function say(text: string, tone: "neutral" | "go" = "neutral"): void {
  announcement.value = { text, tone };
}

/** The driver has read what this run earned. */
export function markFinishedSeen(runId: string): void {
  seenFinished.value = runId;
  try {
    localStorage.setItem(SEEN_KEY, runId);
  } catch {
    // Storage is switched off: it is shown again at the next start.
  }
}

function readSeen(): string | null {
  try {
    return globalThis.localStorage?.getItem(SEEN_KEY) ?? null;
  } catch {
    return null;
  }
}
