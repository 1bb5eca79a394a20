/** All that the screens read, as signals. Written by `app.ts` only, except where a name says otherwise. */
import { computed, signal } from "@preact/signals";
import type { Problem } from "../lib/api";
import type { SentStatement } from "../lib/database";
import { UNREAD } from "../lib/outbox-contract";
import type { LiveView } from "../lib/store";
import type { Updates } from "../lib/updates";
import type { DriverState, Stop } from "./api";
import type { PhoneKey } from "./phone-key";
import type { Fix } from "./positions";
import { type Route, parseRoute } from "./route";
import { type Mark, type Step, currentStop, markOf, stepOf } from "./steps";

const ENDED_KEY = "mallrun-driver-ended-run";

/** The server's document, and how fresh it is. */
export const live = signal<LiveView<DriverState>>({ state: null, freshness: "polling", lastAt: null, problem: null });
/** What waits to be sent or was refused. */
export const outbox = signal(UNREAD);
/** The statements of the present run that the server has. */
export const sent = signal<SentStatement[]>([]);
/** Labels that were scanned at a counter, to count the parcels: stop id → "handle n" → text. Kept until the app is closed. */
export const labels = signal<Readonly<Record<string, Readonly<Record<string, string>>>>>({});
export const route = signal<Route>(parseRoute(""));
/** A code that the desk on this same phone has shown, until it is judged like a scanned one. */
export const brought = signal<string | null>(null);
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
/** The run that ended on this phone; its earnings are the home screen until `setEndedHere(null)`. */
export const endedHere = signal<string | null>(readEnded());

export const state = computed(() => live.value.state);
export const run = computed(() => state.value?.run ?? null);
/** The first stop that still needs the driver. */
export const current = computed(() => (run.value ? currentStop(run.value, outbox.value.pending) : null));

/** The unsent steps of a stop, and the step it is at. */
export function progressOf(stop: Stop): { mark: Mark; step: Step } {
  const mark = markOf(stop.id, outbox.value.pending);
  return { mark, step: stepOf(stop, mark) };
}

/** Texts of the labels that were scanned at a stop. */
export function labelsAt(stopId: string): string[] {
  return Object.values(labels.value[stopId] ?? {});
}

/** Note a label that was scanned at a stop; the same one twice counts once. */
export function countLabel(stopId: string, parcel: string, text: string): void {
  labels.value = { ...labels.value, [stopId]: { ...labels.value[stopId], [parcel]: text } };
}

/** Say a result on the screen and to a screen reader. */
export function say(text: string, tone: "neutral" | "go" = "neutral"): void {
  announcement.value = { text, tone };
}

/** Note which run has just ended on this phone, or with null that the driver has read what it earned. */
export function setEndedHere(runId: string | null): void {
  endedHere.value = runId;
  try {
    if (runId) localStorage.setItem(ENDED_KEY, runId);
    else localStorage.removeItem(ENDED_KEY);
  } catch {
    // Storage is switched off: the earnings stand in their list.
  }
}

function readEnded(): string | null {
  try {
    return globalThis.localStorage?.getItem(ENDED_KEY) ?? null;
  } catch {
    return null;
  }
}
