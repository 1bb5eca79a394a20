/**
 * Sending what is kept when no page is open: the service worker's half of the outbox.
 *
 * It sends by the same steps and under the same lock as a page. Who is signed in it does not know: it sends as the
 * person whose entry is first, and the server answers 401 when that is somebody else by now.
 */
import type { Database } from "./database";
import type { Http } from "./http";
import type { Lock } from "./lock";
import { createContentReader } from "./outbox-contents";
import { allEntries } from "./outbox-records";
import { createSender } from "./outbox-sending";

export interface ReplayParts {
  db: Database;
  http: Http;
  lock: Lock;
}

/** How a replay ended: nothing is left · left for a page, because the person must sign in · worth another try. */
export type Replayed = { sent: number; end: "empty" | "signed_out" | "later" };

/** Send until nothing is left or something says stop. Raises: the database's error when it is gone. */
export function replayOutbox({ db, http, lock }: ReplayParts): Promise<Replayed> {
  const userId = async (): Promise<string | null> => (await allEntries(db)).find(({ refusal }) => refusal === null)?.user_id ?? null;
  const sender = createSender({ db, http, userId }, createContentReader(db));
  return lock(async () => {
    for (let sent = 0; ; ) {
      const step = await sender.next();
      if (step.status === "empty") return { sent, end: "empty" };
      if (step.status === "stopped") return { sent, end: step.problem.status === 401 ? "signed_out" : "later" };
      if (step.status === "settled") sent += step.outcomes.length;
    }
  });
}
