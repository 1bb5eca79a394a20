/** What became of the statements that the server has, as the screens show it. */
import type { Database, SentStatement } from "../lib/database";

/** phone: not sent · server: the server has it · verified: somebody else's word proves it too. */
export type Grade = "phone" | "server" | "verified";

const PROVED: ReadonlySet<string | null> = new Set(["E2", "E3"]);

/** The statements of one driver that were sent in the present run, oldest first. */
export async function sentBy(db: Database, userId: string | null): Promise<SentStatement[]> {
  const all = await db.getAll("sent");
  return all.filter(({ user_id }) => user_id === userId).sort((one, other) => one.occurred_at.localeCompare(other.occurred_at));
}

/** How far a sent statement has come. */
export function gradeOf({ outcome, level }: Pick<SentStatement, "outcome" | "level">): Grade {
  const counts = outcome === "applied" || outcome === "duplicate";
  return counts && PROVED.has(level) ? "verified" : "server";
}

/** How well something is proved by its evidence level. */
export function gradeOfLevel(level: string | null): Grade {
  return PROVED.has(level) ? "verified" : "server";
}

/** How well the step that closed a stop is proved, from the levels of its deliveries or from what was sent here. */
export function gradeOfStop(stopId: string, levels: readonly (string | null)[], sent: readonly SentStatement[]): Grade {
  if (levels.length > 0 && levels.every((level) => PROVED.has(level))) return "verified";
  const here = sent.filter(({ path }) => path.startsWith(`/stops/${stopId}/`));
  return here.some((one) => gradeOf(one) === "verified") ? "verified" : "server";
}
