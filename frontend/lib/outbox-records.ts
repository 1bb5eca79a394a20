/** The outbox in the database: what is kept, in which order it leaves, and what happens when an answer comes. */
import type { Problem } from "./api";
import type { Alongside, Database, KeptPhoto, OutboxEntry, SentStatement } from "./database";
import type { Answers } from "./outbox-answers";

/** An entry that the database has numbered. */
export type KeptEntry = OutboxEntry & { seq: number };

/** All that one step writes, together or not at all. */
export interface Keeping {
  entry: OutboxEntry;
  photo: KeptPhoto | null;
  alongside: readonly Alongside[];
}

/** What became of an entry. */
export type Verdict = { entry: KeptEntry; sent: SentStatement | null } & (
  | { status: "done"; result: unknown }
  /** `isSeen`: the person reads the refusal on the screen at this moment, so that it need not be kept. */
  | { status: "refused"; problem: Problem; isSeen: boolean }
);

/**
 * Keep a command, its photo and what belongs to it, in one transaction that is on the disk when this returns.
 *
 * A command id that is kept already is left as it is. Raises: the database's error when the device is full, and
 * whatever a value of `alongside` throws; nothing is kept then.
 */
export async function keepEntry(db: Database, { entry, photo, alongside }: Keeping): Promise<void> {
  const tx = db.transaction(["outbox", "photos", "state", "keys"], "readwrite", { durability: "strict" });
  const outbox = tx.objectStore("outbox");
  /** The answer to an earlier command may have come a moment ago. */
  const known = async (answers: Answers): Promise<Answers> => {
    const found: Answers = {};
    for (const commandId of Object.keys(answers)) found[commandId] = (await tx.objectStore("state").get(answerKey(commandId))) ?? null;
    return found;
  };
  const work = async (): Promise<void> => {
    if ((await outbox.index("by_command").getKey(entry.command_id)) !== undefined) return;
    await outbox.add({ ...entry, answers: await known(entry.answers) });
    if (photo) await tx.objectStore("photos").put(photo, entry.photo_key ?? entry.command_id);
    for (const { store, key, value } of alongside) {
      const records = tx.objectStore(store);
      await records.put(typeof value === "function" ? value(await records.get(key)) : value, key);
    }
  };
  // A failed request ends the transaction by itself; what a value throws would let the rest through.
  const written = work().catch((error: unknown) => {
    abort(tx);
    throw error;
  });
  await Promise.all([written, tx.done.catch((error: unknown) => written.then(() => Promise.reject(error)))]);
}

function answerKey(commandId: string): string {
  return `answer:${commandId}`;
}

function abort(tx: { abort(): void }): void {
  try {
    tx.abort();
  } catch {
    // It has ended already.
  }
}

/** All kept commands, oldest first: those to send and those refused. */
export async function allEntries(db: Database): Promise<KeptEntry[]> {
  return (await db.getAll("outbox")) as KeptEntry[];
}

/**
 * Write down what became of entries, in one transaction: what the server took leaves, and gives its result to the
 * commands that wait for it; what it refused stays until it is read, and with it what waits for its result.
 *
 * Returns: the ids of the commands that were refused along with another.
 */
export async function settleEntries(db: Database, verdicts: readonly Verdict[]): Promise<string[]> {
  const tx = db.transaction(["outbox", "photos", "sent", "state"], "readwrite", { durability: "strict" });
  const outbox = tx.objectStore("outbox");
  const along: string[] = [];

  async function passOn(commandId: string, change: (later: KeptEntry) => Partial<OutboxEntry>): Promise<string[]> {
    const waiting = ((await outbox.getAll()) as KeptEntry[]).filter(({ answers }) => commandId in answers);
    for (const later of waiting) await outbox.put({ ...later, ...change(later) });
    return waiting.map((later) => later.command_id);
  }
  async function settle(verdict: Verdict): Promise<void> {
    const { entry, sent } = verdict;
    if (sent) await tx.objectStore("sent").put(sent);
    if (verdict.status === "refused" && !verdict.isSeen) await outbox.put({ ...entry, refusal: verdict.problem });
    else {
      await outbox.delete(entry.seq);
      if (entry.photo_key) await tx.objectStore("photos").delete(entry.photo_key);
    }
    // Only photos are waited for, by the step that they prove.
    if (!entry.photo_key) return;
    if (verdict.status === "refused") along.push(...(await passOn(entry.command_id, () => ({ refusal: verdict.problem }))));
    else {
      const result = verdict.result ?? {};
      await passOn(entry.command_id, ({ answers }) => ({ answers: { ...answers, [entry.command_id]: result } }));
      await tx.objectStore("state").put(result, answerKey(entry.command_id));
    }
  }
  const work = async (): Promise<void> => {
    for (const verdict of verdicts) await settle(verdict);
  };
  await Promise.all([work(), tx.done]);
  return along;
}

/** Drop a refused command whose explanation the person has read. A command that may still be sent is never dropped. */
export async function dropRefused(db: Database, commandId: string): Promise<void> {
  const tx = db.transaction(["outbox", "photos"], "readwrite");
  const outbox = tx.objectStore("outbox");
  const work = async (): Promise<void> => {
    const entry = (await outbox.index("by_command").get(commandId)) as KeptEntry | undefined;
    if (!entry?.refusal) return;
    await outbox.delete(entry.seq);
    if (entry.photo_key) await tx.objectStore("photos").delete(entry.photo_key);
  };
  await Promise.all([work(), tx.done]);
}
