/** Keeping what a clerk has typed while the tablet locks, sleeps or starts again. Each clerk finds only their own. */
import { type Signal, signal } from "@preact/signals";
import { type Sealed, seal, unseal } from "../lib/sealing";
import { type DeliveryDraft, emptyDraft } from "./draft";
import type { Desk } from "./desk";

export interface KeptDraft {
  draft: Signal<DeliveryDraft>;
  /** Resolves when an earlier start's draft is read. */
  ready: Promise<void>;
  change(change: Partial<DeliveryDraft>): void;
  /** Begin anew, after placing or on request. */
  clear(): void;
}

const drafts = new Map<string, KeptDraft>();

/** The draft of the clerk who is here. */
export function keptDraft(desk: Desk, clerkId: string): KeptDraft {
  const known = drafts.get(clerkId);
  if (known) return known;
  const key = `draft:${clerkId}`;
  const draft = signal(emptyDraft());
  let isTouched = false;
  /** One at a time, the newest last: sealing a long draft must not overtake a shorter one. */
  let keeping: Promise<unknown> = Promise.resolve();
  const keep = (): Promise<unknown> => {
    keeping = keeping.catch(() => undefined).then(async () => desk.db.put("state", await seal(desk.db, draft.value), key));
    return keeping;
  };
  const made: KeptDraft = {
    draft,
    ready: desk.db.get("state", key).then(async (kept) => {
      const known = kept && (await unseal<DeliveryDraft>(desk.db, kept as Sealed));
      if (known && !isTouched) draft.value = { ...emptyDraft(), ...known };
    }).catch(() => undefined),
    change(change) {
      isTouched = true;
      draft.value = { ...draft.value, ...change };
      // A full device costs the draft at the next start, and nothing now.
      void keep().catch(() => undefined);
    },
    clear() {
      isTouched = true;
      draft.value = emptyDraft();
      keeping = keeping.catch(() => undefined).then(() => desk.db.delete("state", key));
      void keeping.catch(() => undefined);
    },
  };
  drafts.set(clerkId, made);
  return made;
}
