/** Whose steps may be sent. */
import type { Http } from "../lib/http";
import { problemFor } from "../lib/problems";
import type { DriverState } from "./api";

export interface Session {
  /** For fetching the state: notes that the server has answered. */
  watched: Http;
  /** For the outbox: sends nothing before the server has said who is signed in. */
  guarded: Http;
  /** Call with each state; answers true once it is the server's own word about this person. */
  confirm(state: DriverState | null): boolean;
}

/**
 * Who is signed in is only known once the server has answered; the kept state may be of somebody else. Until then
 * nothing is sent, so that no step of one driver ever leaves under another one's name.
 */
export function createSession(http: Http): Session {
  let hasAnswered = false;
  let isConfirmed = false;
  const unreachable = () => ({ status: "unreachable", problem: problemFor("needs_connection"), reason: "network" }) as const;
  const watched: Http = {
    ...http,
    async get(path, options) {
      const answer = await http.get(path, options);
      if (answer.status === "fresh" || answer.status === "unchanged") hasAnswered = true;
      return answer as never;
    },
  };
  const guarded: Http = { ...http, post: async (path, body, options) => (isConfirmed ? http.post(path, body, options) : unreachable()) };
  const confirm = (state: DriverState | null): boolean => {
    isConfirmed ||= hasAnswered && state !== null;
    return isConfirmed;
  };
  return { watched, guarded, confirm };
}
