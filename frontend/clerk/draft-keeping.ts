/** Keeping what a clerk has typed while the tablet locks, sleeps or starts again. Each clerk finds only their own. */
import { type Signal, signal } from "@preact/signals";
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
  const made: KeptDraft = {
    draft,
    ready: desk.db.get("state", key).then((kept) => {
      if (kept && !isTouched) draft.value = { ...emptyDraft(), ...(kept as DeliveryDraft) };
    }).catch(() => undefined),
    change(change) {
      isTouched = true;
      draft.value = { ...draft.value, ...change };
      // A full device costs the draft at the next start, and nothing now.
      void desk.db.put("state", draft.value, key).catch(() => undefined);
    },
    clear() {
      isTouched = true;
      draft.value = emptyDraft();
      void desk.db.delete("state", key).catch(() => undefined);
    },
  };
  drafts.set(clerkId, made);
  return made;
}
