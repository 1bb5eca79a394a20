/** Commands whose answers bring the state: this page needs no nudge to fetch what it has just been told. */
import type { Http, Posted } from "./http";

interface Live {
  socketId(): string | null;
  refresh(): Promise<void>;
}

/**
 * Name this page's connection to the server with every POST, so that only other screens are nudged. Where the answer
 * brings no state (it was lost, or it is a refusal that still counted something), the state is fetched after all.
 */
export function sparingNudges(http: Http, live: Live): Http {
  return {
    ...http,
    async post<Value>(path: string, body: object | FormData, options = {}): Promise<Posted<Value>> {
      const socket = live.socketId();
      const answer = await http.post<Value>(path, body, { ...options, socket });
      if (socket && !bringsState(answer)) void live.refresh();
      return answer;
    },
  };
}

function bringsState(answer: Posted<unknown>): boolean {
  return answer.status === "done" && Boolean((answer.value as { state?: unknown } | null)?.state);
}
