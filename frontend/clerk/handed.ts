/**
 * What this tablet has said today: needed while the lists do not show it yet, because they are older, or because the
 * driver's phone has not said the same.
 */
import type { Alongside, Database, SentStatement } from "../lib/database";
import type { OutboxView } from "../lib/outbox";
import type { ArrivingDriver, DeskDelivery, DeskState } from "./api";

/** One statement of this tablet; ids only, because it is not sealed. */
export interface Handed {
  event_id: string;
  kind: "handover" | "return";
  /** Corrected milliseconds. */
  at: number;
  run_id: string | null;
  /** Of its deliveries, as far as this tablet knows them. */
  ids: string[];
}

/** What the tablet knows about one delivery beyond the lists. */
export interface HandedNow {
  kind: Handed["kind"];
  at: number;
  run_id: string | null;
  /** tablet: kept and not sent · server: the server has it. */
  where: "tablet" | "server";
}

/** How far a handover has come. both: the two sides have said the same, and the server has compared it. */
export type Mark = HandedNow["where"] | "both";

/** Today's statements of this tablet, and what became of those that were sent. */
export interface HandedLog {
  entries: readonly Handed[];
  sent: readonly SentStatement[];
}

export const NOTHING_HANDED: HandedLog = { entries: [], sent: [] };

const LOG = "handed";
const NONCES = "used_presences";
const SHOWN = "shown_nonces";
/** The server takes this many; an hour of codes, of which a phone can only have scanned a late one. */
export const MOST_NONCES = 200;
const LOG_LIFE_MS = 24 * 3_600_000;
/** A presence lives for a minute; the rest is for clocks. */
const NONCE_LIFE_MS = 3_600_000;
const NO_EFFECT = new Set(["rejected", "recorded"]);

/** By run id. */
type ShownNonces = Record<string, { at: number; nonces: string[] }>;

interface UsedNonce {
  nonce: string;
  at: number;
}

/** Note a statement, in the transaction that keeps it. */
export function noteHanded(entry: Handed, now: number): Alongside {
  const value = (kept: unknown): Handed[] => [...((kept ?? []) as Handed[]).filter(({ at }) => now - at < LOG_LIFE_MS), entry];
  return { store: "state", key: LOG, value };
}

/** Use up the nonce of a driver's presence, in the transaction that keeps the statement about it. */
export function noteUsedNonce(nonce: string, now: number): Alongside {
  const value = (kept: unknown): UsedNonce[] => [...((kept ?? []) as UsedNonce[]).filter(({ at }) => now - at < NONCE_LIFE_MS), { nonce, at: now }];
  return { store: "state", key: NONCES, value };
}

/** The nonces that were used up in the last hour. */
export async function usedNonces(db: Database): Promise<Set<string>> {
  return new Set((((await db.get("state", NONCES)) ?? []) as UsedNonce[]).map(({ nonce }) => nonce));
}

/** Every nonce (16 hex digits) that was shown for a run today, oldest first, also before a restart. */
export async function readShown(db: Database, runId: string): Promise<string[]> {
  return (((await db.get("state", SHOWN)) ?? {}) as ShownNonces)[runId]?.nonces ?? [];
}

/** Note the nonce of a code before it is shown: a phone may scan it, and the tablet may restart, a moment later. */
export async function noteShown(db: Database, runId: string, nonce: string, now: number): Promise<void> {
  const tx = db.transaction("state", "readwrite");
  const work = async (): Promise<void> => {
    const kept = ((await tx.store.get(SHOWN)) ?? {}) as ShownNonces;
    const young = Object.fromEntries(Object.entries(kept).filter(([, { at }]) => now - at < LOG_LIFE_MS));
    const nonces = [...(young[runId]?.nonces ?? []), nonce].slice(-MOST_NONCES);
    await tx.store.put({ ...young, [runId]: { at: now, nonces } } satisfies ShownNonces, SHOWN);
  };
  await Promise.all([work(), tx.done]);
}

/** Read today's statements; older ones are dropped. */
export async function readHanded(db: Database, now: number): Promise<HandedLog> {
  const isYoung = (at: number): boolean => now - at < LOG_LIFE_MS;
  const sent = await db.getAll("sent");
  const old = sent.filter(({ occurred_at }) => !isYoung(Date.parse(occurred_at)));
  for (const { event_id } of old) await db.delete("sent", event_id);
  const entries = ((await db.get("state", LOG)) ?? []) as Handed[];
  return { entries: entries.filter(({ at }) => isYoung(at)), sent: sent.filter((each) => !old.includes(each)) };
}

/**
 * By delivery id, what this tablet has said and the lists do not show yet.
 *
 * `listsAt`: when the lists were told. A statement that the server took without effect counts no longer; one that it
 * took counts while the lists are older than it, or while its run still has the delivery to collect (or bring back).
 */
export function handedNow(
  state: Pick<DeskState, "arriving">,
  listsAt: number | null,
  { entries, sent }: HandedLog,
  pending: OutboxView["pending"],
): Map<string, HandedNow> {
  const waiting = new Set(pending.map(({ commandId }) => commandId));
  const outcomes = new Map(sent.map(({ event_id, outcome }) => [event_id, outcome]));
  const found = new Map<string, HandedNow>();
  for (const { event_id, kind, at, run_id, ids } of entries) {
    const outcome = outcomes.get(event_id);
    const isWaiting = waiting.has(event_id);
    if (!isWaiting && (outcome === undefined || NO_EFFECT.has(outcome))) continue;
    const isNewer = isWaiting || listsAt === null || at > listsAt;
    for (const id of ids) {
      if (isNewer || isStillOpen(state.arriving, run_id, id, kind)) found.set(id, { kind, at, run_id, where: isWaiting ? "tablet" : "server" });
    }
  }
  return found;
}

function isStillOpen(arriving: readonly ArrivingDriver[], runId: string | null, id: string, kind: Handed["kind"]): boolean {
  const direction = kind === "handover" ? "pickup" : "return";
  const stops = arriving.filter((run) => run.run_id === runId).flatMap(({ deliveries }) => deliveries);
  return stops.some((delivery) => delivery.id === id && delivery.direction === direction && !delivery.done);
}

/** The mark of a delivery in the list of what has left. `said`: what this tablet has said beyond the lists. */
export function markOf(delivery: Pick<DeskDelivery, "verification" | "handed_over_at">, said: HandedNow | undefined): Mark | null {
  if (delivery.verification === "E3") return "both";
  if (delivery.handed_over_at !== null) return "server";
  return said?.where ?? null;
}
