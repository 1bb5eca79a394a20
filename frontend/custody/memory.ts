/**
 * What this device remembers of the proofs that held, so that a later one cannot quietly tell less.
 *
 * A server that takes the newest event away can sign what is left; only somebody who kept the head sees it.
 */
import type { Memory } from "./verify";

const PREFIX = "mallrun-proof:";
/** A link ends a day after its delivery; a month covers whatever a customer may still ask about. */
const KEPT_MS = 30 * 24 * 3_600 * 1_000;

interface Kept extends Memory {
  at: number;
}

/** The part of `localStorage` that is used; tests hand in their own. */
export type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** What is remembered of a delivery, or null. */
export function recall(storage: Storage, handle: string): Memory | null {
  const kept = parsed(storage.getItem(PREFIX + handle));
  return kept && { head: kept.head, anchor: kept.anchor, key: kept.key };
}

/** Remember a proof that held, and forget what is older than a month. */
export function remember(storage: Storage, handle: string, memory: Memory, now: number): void {
  const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
  for (const name of names.filter((each) => each.startsWith(PREFIX))) {
    const kept = parsed(storage.getItem(name));
    if (!kept || now - kept.at > KEPT_MS) storage.removeItem(name);
  }
  storage.setItem(PREFIX + handle, JSON.stringify({ ...memory, at: now } satisfies Kept));
}

function parsed(text: string | null): Kept | null {
  try {
    const kept = JSON.parse(text ?? "null") as Partial<Kept> | null;
    const isWhole = typeof kept?.head === "string" && typeof kept.at === "number" && kept.anchor !== undefined && kept.key !== undefined;
    return isWhole ? (kept as Kept) : null;
  } catch {
    return null;
  }
}
