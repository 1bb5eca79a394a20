/**
 * One step of sending what is kept: the next command, or the next statements together. Pages and service workers
 * both send by this, under the same lock.
 *
 * Statements that follow each other leave in one upload and get an answer each. Only an answer takes an entry out of
 * the queue: no connection, a failing server, "too many requests" and 401 leave everything where it is.
 */
import type { CommandAnswer, Problem } from "./api";
import type { SentStatement } from "./database";
import type { Posted } from "./http";
import { fillIn } from "./outbox-answers";
import { type ContentReader, eligible } from "./outbox-contents";
import type { SendingParts, StatementResult, Submitted } from "./outbox-contract";
import { type KeptEntry, type Verdict, allEntries, settleEntries } from "./outbox-records";
import { problemFor } from "./problems";
import { unsealBytes } from "./sealing";

export const STATEMENTS_PATH = "/handoffs";
/** The server takes 100 statements and 512 kB; the rest is room for the names around them. */
const MOST_STATEMENTS = 100;
const MOST_CHARACTERS = 400_000;
/** 400 kB over a basement's 100 kbit/s. */
const STATEMENTS_TIMEOUT_MS = 45_000;
const TOO_LARGE = 413;

export type Step<State> =
  | { status: "empty" }
  /** Nothing more can be sent now. `isUnreachable`: no answer of ours came. */
  | { status: "stopped"; problem: Problem; retryAfterS: number | null; isUnreachable: boolean }
  /** The same entries are to be tried again at once, fewer at a time. */
  | { status: "again" }
  | { status: "settled"; outcomes: Submitted<unknown, State>[]; answer: CommandAnswer<unknown, State> | null; path: string };

interface Answered<State> {
  results: StatementResult[];
  state: State;
}

/** Create the sender. `isAwaited` tells whether a person waits for the answer to a command on the screen. */
export function createSender<State>(parts: SendingParts, contents: ContentReader, isAwaited: (commandId: string) => boolean = () => false) {
  const { db, http } = parts;
  let most = MOST_STATEMENTS;

  async function sendCommand(entry: KeptEntry): Promise<Step<State>> {
    const answer = await postCommand(entry);
    const { command_id: commandId, path } = entry;
    if (answer.status === "done") {
      await settleEntries(db, [{ entry, sent: null, status: "done", result: answer.value?.result }]);
      return { status: "settled", outcomes: [{ status: "done", commandId, answer: answer.value }], answer: answer.value, path };
    }
    if (!isFinal(answer)) return stopped(answer);
    return refuse(entry, answer.problem);
  }

  async function postCommand(entry: KeptEntry): Promise<Posted<CommandAnswer<unknown, State>>> {
    const body = fillIn((await contents.read(entry)).body, entry.answers);
    const sender = entry.user_id;
    if (!entry.photo_key) return http.post(entry.path, body, { sender });
    const photo = await db.get("photos", entry.photo_key);
    const form = new FormData();
    for (const [name, value] of Object.entries(body)) form.set(name, String(value));
    form.set("photo", new Blob(photo ? [await unsealBytes(db, photo)] : [], { type: photo?.type ?? "image/jpeg" }), "photo.jpg");
    return http.post(entry.path, form, { sender });
  }

  async function refuse(entry: KeptEntry, problem: Problem): Promise<Step<State>> {
    const verdict: Verdict = { entry, sent: null, status: "refused", problem, isSeen: isAwaited(entry.command_id) };
    const along = await settleEntries(db, [verdict]);
    const outcomes = [entry.command_id, ...along].map((commandId) => ({ status: "refused" as const, commandId, problem }));
    return { status: "settled", outcomes, answer: null, path: entry.path };
  }

  async function sendStatements(waiting: readonly KeptEntry[]): Promise<Step<State>> {
    const batch = batchOf(waiting, most);
    const statements = await Promise.all(batch.map(async (entry) => (await contents.read(entry)).statement));
    // A shared device's statements name their person themselves; a driver's are only sent by that driver.
    const sender = parts.statementsOf === "anyone" ? null : batch[0]!.user_id;
    const answer = await http.post<Answered<State>>(STATEMENTS_PATH, { statements }, { sender, timeoutMs: STATEMENTS_TIMEOUT_MS });
    if (answer.status === "done" && !answersAll(answer.value, batch)) return notUnderstood();
    if (answer.status === "done") {
      most = Math.min(MOST_STATEMENTS, most * 2);
      return take(batch, answer.value);
    }
    if (!isFinal(answer) && answer.problem.status !== TOO_LARGE) return stopped(answer);
    if (batch.length === 1) return refuse(batch[0]!, answer.problem);
    // Too large, or one of them spoils the whole: half as many find it.
    most = Math.ceil(batch.length / 2);
    return { status: "again" };
  }

  async function take(batch: readonly KeptEntry[], { results, state }: Answered<State>): Promise<Step<State>> {
    const verdicts = batch.map((entry, at): Verdict => {
      const result = results[at]!;
      const sent = sentOf(entry, result);
      const { problem } = result;
      if (!problem || result.outcome === "held") return { entry, sent, status: "done", result };
      return { entry, sent, status: "refused", problem, isSeen: isAwaited(entry.command_id) };
    });
    await settleEntries(db, verdicts);
    const outcomes = verdicts.map((verdict): Submitted<unknown, State> => {
      const commandId = verdict.entry.command_id;
      if (verdict.status === "refused") return { status: "refused", commandId, problem: verdict.problem };
      return { status: "done", commandId, answer: { result: verdict.result, state } };
    });
    return { status: "settled", outcomes, answer: { result: results, state }, path: STATEMENTS_PATH };
  }

  return {
    /** Send what is next. Raises: the database's error when it is gone. */
    async next(): Promise<Step<State>> {
      const user = await parts.userId();
      const waiting = (await allEntries(db)).filter((entry) => entry.refusal === null && eligible(entry, user, parts.statementsOf));
      const first = waiting[0];
      if (!first) return { status: "empty" };
      return first.statement_size === null ? sendCommand(first) : sendStatements(waiting);
    },
  };
}

/** The statements at the front of the queue that may leave together: of one person, and not too many. */
function batchOf(waiting: readonly KeptEntry[], most: number): KeptEntry[] {
  const batch: KeptEntry[] = [];
  let characters = 0;
  for (const entry of waiting) {
    characters += entry.statement_size ?? 0;
    const belongs = entry.statement_size !== null && entry.user_id === waiting[0]!.user_id;
    if (!belongs || batch.length === most || (batch.length > 0 && characters > MOST_CHARACTERS)) break;
    batch.push(entry);
  }
  return batch;
}

/** True when there is one answer per statement, each about its own. */
function answersAll(answered: Answered<unknown> | null, batch: readonly KeptEntry[]): boolean {
  const results = answered?.results;
  const isOwn = ({ event_id }: StatementResult, at: number): boolean => event_id === null || event_id === batch[at]!.command_id;
  return Array.isArray(results) && results.length === batch.length && results.every(isOwn);
}

function sentOf(entry: KeptEntry, result: StatementResult): SentStatement {
  const { command_id: event_id, user_id, path, occurred_at } = entry;
  const { outcome, level, flags, code } = result;
  return { event_id, user_id, path, occurred_at, outcome, level, flags, code };
}

/** True when sending the same again cannot help. */
function isFinal({ status, problem }: Exclude<Posted<unknown>, { status: "done" }>): boolean {
  return status === "refused" && problem.status < 500 && problem.status !== 401 && problem.code !== "too_many_requests";
}

function stopped<State>(answer: Exclude<Posted<unknown>, { status: "done" }>): Step<State> {
  const isUnreachable = answer.status === "unreachable";
  return { status: "stopped", problem: answer.problem, retryAfterS: isUnreachable ? null : answer.retryAfterS, isUnreachable };
}

/** An answer that names other statements is a fault of the server: nothing is settled by it. */
function notUnderstood<State>(): Step<State> {
  return { status: "stopped", problem: problemFor("server_error"), retryAfterS: null, isUnreachable: false };
}
