/** The sealed part of outbox entries, and whose entries they are. */
import type { Database, EntryContent } from "./database";
import type { SendingParts } from "./outbox-contract";
import type { KeptEntry } from "./outbox-records";
import { unseal } from "./sealing";

/** Opens entries, each once: an entry's content never changes while it is kept. */
export interface ContentReader {
  read(entry: KeptEntry): Promise<EntryContent>;
  /** Forget the contents of entries that are gone. */
  keepOnly(entries: readonly KeptEntry[]): void;
}

export function createContentReader(db: Database): ContentReader {
  const opened = new Map<number, EntryContent>();
  return {
    async read(entry) {
      const content = opened.get(entry.seq) ?? (await unseal<EntryContent>(db, entry.content));
      opened.set(entry.seq, content);
      return content;
    },
    keepOnly(entries) {
      const kept = new Set(entries.map(({ seq }) => seq));
      for (const seq of opened.keys()) if (!kept.has(seq)) opened.delete(seq);
    },
  };
}

/** True when an entry is this person's to send and to read about. */
export function eligible(entry: KeptEntry, userId: string | null, statementsOf: SendingParts["statementsOf"]): boolean {
  if (entry.statement_size !== null && statementsOf === "anyone") return true;
  return userId !== null && entry.user_id === userId;
}
