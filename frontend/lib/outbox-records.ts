/** The outbox in the database: what is kept, in which order it leaves, and what happens when an answer comes. */
import type { Problem } from "./api";
import type { Alongside, Database, OutboxEntry } from "./database";

/** An entry that the database has numbered. */
export type KeptEntry = OutboxEntry & { seq: number };

const PLACEHOLDER = /^@answer:([^:]+):(\w+)$/;

/**
 * Stand for a value that an earlier command's answer will bring, such as the `photo_id` of a photo that is still
 * on the device. It is put in place when that answer comes, before the later command is sent for the first time.
 */
export function answerOf(commandId: string, field: string): string {
  return `@answer:${commandId}:${field}`;
}

/**
 * Keep a command, its photo and what belongs to it, in one transaction that is on the disk when this returns.
 *
 * A command id that is kept already is left as it is. Raises: the database's error when the device is full.
 */
export async function keepEntry(
  db: Database,
  entry: OutboxEntry,
  photo: { bytes: ArrayBuffer; type: string } | null,
  alongside: readonly Alongside[],
): Promise<void> {
  const tx = db.transaction(["outbox", "photos", "state", "keys"], "readwrite", { durability: "strict" });
  const outbox = tx.objectStore("outbox");
  const work = async (): Promise<void> => {
    if ((await outbox.index("by_command").getKey(entry.command_id)) !== undefined) return;
    await outbox.add(entry);
    if (photo) await tx.objectStore("photos").put(photo, entry.photo_key ?? entry.command_id);
    for (const record of alongside) await tx.objectStore(record.store).put(record.value, record.key);
  };
  await Promise.all([work(), tx.done]);
}

/** All kept commands, oldest first: those to send and those refused. */
export async function allEntries(db: Database): Promise<KeptEntry[]> {
  return (await db.getAll("outbox")) as KeptEntry[];
}

/** The oldest command of this person that is still to be sent. */
export async function nextEntry(db: Database, userId: string): Promise<KeptEntry | undefined> {
  return (await allEntries(db)).find((entry) => entry.user_id === userId && entry.refusal === null);
}

/** Drop a command that the server took, and give its result to the commands that wait for it. */
export async function completeEntry(db: Database, entry: KeptEntry, result: unknown): Promise<void> {
  const tx = db.transaction(["outbox", "photos"], "readwrite", { durability: "strict" });
  const outbox = tx.objectStore("outbox");
  const work = async (): Promise<void> => {
    await outbox.delete(entry.seq);
    if (entry.photo_key) await tx.objectStore("photos").delete(entry.photo_key);
    for (const later of (await outbox.getAll()) as KeptEntry[]) {
      if (waitsFor(later.body, entry.command_id)) await outbox.put({ ...later, body: fillIn(later.body, entry.command_id, result) });
    }
  };
  await Promise.all([work(), tx.done]);
}

/**
 * Mark a command as refused, and with it every command that waits for its result; or drop it when `isSeen`, because
 * the person reads the refusal on the screen at this moment.
 *
 * Returns: the ids of the commands that were refused along with it.
 */
export async function refuseEntry(db: Database, entry: KeptEntry, refusal: Problem, isSeen: boolean): Promise<string[]> {
  const tx = db.transaction(["outbox", "photos"], "readwrite", { durability: "strict" });
  const outbox = tx.objectStore("outbox");
  const work = async (): Promise<string[]> => {
    if (isSeen) {
      await outbox.delete(entry.seq);
      if (entry.photo_key) await tx.objectStore("photos").delete(entry.photo_key);
    } else await outbox.put({ ...entry, refusal });
    const waiting = ((await outbox.getAll()) as KeptEntry[]).filter((later) => waitsFor(later.body, entry.command_id));
    for (const later of waiting) await outbox.put({ ...later, refusal });
    return waiting.map((later) => later.command_id);
  };
  const [refused] = await Promise.all([work(), tx.done]);
  return refused;
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

function waitsFor(value: unknown, commandId: string): boolean {
  if (typeof value === "string") return PLACEHOLDER.exec(value)?.[1] === commandId;
  return typeof value === "object" && value !== null && Object.values(value).some((inner) => waitsFor(inner, commandId));
}

function fillIn(body: Record<string, unknown>, commandId: string, result: unknown): Record<string, unknown> {
  const known = (result ?? {}) as Record<string, unknown>;
  const text = JSON.stringify(body, (_name, value: unknown) => {
    const match = typeof value === "string" ? PLACEHOLDER.exec(value) : null;
    return match?.[1] === commandId ? known[match[2]!] : value;
  });
  return JSON.parse(text) as Record<string, unknown>;
}
