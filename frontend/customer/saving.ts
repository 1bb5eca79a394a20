/** Sending changed instructions, so that a second tap after a lost answer repeats the same command. No DOM. */
import type { CommandAnswer, Problem } from "../lib/api";
import { type Clock, isoInstant } from "../lib/clock";
import type { Http } from "../lib/http";
import { uuidv7 } from "../lib/ids";
import type { TrackingState } from "./api";

export interface Wish {
  instructions: string;
  leave_at_door: boolean;
}

export type Saved = { state: TrackingState } | { problem: Problem; isUnanswered: boolean };

/** The answer to each wish is either the new state or the words why not; nothing is thrown away. */
export type Saver = (wish: Wish) => Promise<Saved>;

/** Create the saver of a page. */
export function createSaver(http: Http, clock: Clock, newId: (now: number) => string = uuidv7): Saver {
  /** Sent and not answered: it may have arrived, so the same wish keeps its id. */
  let unanswered: { command_id: string; occurred_at: string; wish: Wish } | null = null;

  return async (wish) => {
    const now = clock.now();
    if (!unanswered || !isSame(unanswered.wish, wish)) {
      unanswered = { command_id: newId(now), occurred_at: isoInstant(now), wish };
    }
    const { command_id, occurred_at } = unanswered;
    const answer = await http.post<CommandAnswer<unknown, TrackingState>>("/instructions", { command_id, occurred_at, ...wish });
    if (answer.status !== "unreachable") unanswered = null;
    return answer.status === "done" ? { state: answer.value.state } : { problem: answer.problem, isUnanswered: answer.status === "unreachable" };
  };
}

/** Whether two wishes ask for the same. */
export function isSame(one: Wish, other: Wish): boolean {
  return one.instructions === other.instructions && one.leave_at_door === other.leave_at_door;
}
