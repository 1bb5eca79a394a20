/**
 * The outbox: what a person did is kept on the device first, then sent in order until the server has answered.
 *
 * - One sender at a time over all tabs; a later command never overtakes an earlier one.
 * - No connection, a failing server or "too many requests": stop, wait longer each time (at most 5 min), start again.
 * - 401: pause until the same person has signed in; commands of another person are never sent, and each says whose it
 *   is, because somebody else may have signed in in another tab a moment ago.
 * - Any other 4xx is final: the command is kept as refused, with the server's words, until the person has read it.
 *
 * The server answers a repeated command id with its first answer, so sending again after a lost answer is safe.
 */
import type { Command, CommandAnswer, Problem } from "./api";
import { backoffDelay } from "./backoff";
import { isoInstant } from "./clock";
import type { Alongside } from "./database";
import type { Posted } from "./http";
import { uuidv7 } from "./ids";
import type { Draft, Outbox, OutboxOptions, OutboxView, Submitted } from "./outbox-contract";
import * as records from "./outbox-records";
import { problemFor } from "./problems";

export type { Draft, Outbox, OutboxOptions, OutboxView, Submitted } from "./outbox-contract";
export { answerOf } from "./outbox-records";

const WAIT_MS = 8_000;
const TICK_MS = 30_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 300_000;

/** Create the outbox of one audience. */
export function createOutbox<State>(options: OutboxOptions<State>): Outbox<State> {
  const { db, http, clock, lock, events, userId, onAnswer, random, waitMs = WAIT_MS, chance = Math.random } = options;
  const listeners = new Set<(view: OutboxView) => void>();
  const waiters = new Map<string, ((outcome: Submitted<unknown, State>) => void)[]>();
  let view: OutboxView = {
    unsent: 0, pending: [], isSending: false, isPaused: false, lastProblem: null, nextTryAt: null, refused: [], ofOthers: 0,
  };
  let running: Promise<void> | null = null;
  let isWanted = false;
  let failures = 0;
  /** The server asked for silence until then; a person's tap does not shorten it. */
  let silentUntil = 0;
  let cancelRetry: () => void = () => undefined;

  function show(change: Partial<OutboxView>): void {
    view = { ...view, ...change };
    for (const listener of listeners) listener(view);
  }

  async function recount(): Promise<void> {
    const entries = await records.allEntries(db);
    const own = entries.filter((entry) => entry.user_id === userId());
    const describe = (entry: records.KeptEntry) => ({
      commandId: entry.command_id, path: entry.path, occurredAt: entry.occurred_at, body: entry.body,
    });
    const pending = own.filter((entry) => entry.refusal === null).map(describe);
    const refused = own.flatMap((entry) => (entry.refusal ? [{ ...describe(entry), problem: entry.refusal }] : []));
    show({ unsent: pending.length, pending, refused, ofOthers: entries.length - own.length });
  }

  function settle(commandId: string, outcome: Submitted<unknown, State>): void {
    for (const resolve of waiters.get(commandId) ?? []) resolve(outcome);
    waiters.delete(commandId);
  }

  function settleAllAsQueued(): void {
    for (const commandId of [...waiters.keys()]) settle(commandId, { status: "queued", commandId });
  }

  function complete<Body extends Command>(draft: Draft<Body>): Record<string, unknown> & Command {
    const now = clock.now();
    return { ...draft, command_id: draft.command_id ?? uuidv7(now, random), occurred_at: draft.occurred_at ?? isoInstant(now) };
  }

  async function send(entry: records.KeptEntry): Promise<Posted<CommandAnswer<unknown, State>>> {
    const sender = entry.user_id;
    if (!entry.photo_key) return http.post(entry.path, entry.body, { sender });
    const photo = await db.get("photos", entry.photo_key);
    const form = new FormData();
    for (const [name, value] of Object.entries(entry.body)) form.set(name, String(value));
    form.set("photo", new Blob(photo ? [photo.bytes] : [], { type: photo?.type ?? "image/jpeg" }), "photo.jpg");
    return http.post(entry.path, form, { sender });
  }

  /** Send until nothing is left (true) or something says stop (false). */
  async function drain(): Promise<boolean> {
    for (;;) {
      const user = userId();
      const entry = user && !view.isPaused ? await records.nextEntry(db, user) : undefined;
      if (!entry) return !view.isPaused;
      const answer = await send(entry);
      if (answer.status === "done") await take(entry, answer.value);
      else if (answer.status === "refused" && isFinal(answer.problem)) await refuse(entry, answer.problem);
      else {
        stopAt(answer.problem, answer.status === "refused" ? answer.retryAfterS : null);
        return false;
      }
      failures = 0;
      show({ lastProblem: null, nextTryAt: null });
      await recount();
    }
  }

  async function take(entry: records.KeptEntry, answer: CommandAnswer<unknown, State>): Promise<void> {
    await records.completeEntry(db, entry, answer?.result);
    settle(entry.command_id, { status: "done", commandId: entry.command_id, answer });
    if (answer) onAnswer?.(answer, entry.path);
  }

  async function refuse(entry: records.KeptEntry, problem: Problem): Promise<void> {
    const isSeen = waiters.has(entry.command_id);
    const along = await records.refuseEntry(db, entry, problem, isSeen);
    for (const commandId of [entry.command_id, ...along]) settle(commandId, { status: "refused", commandId, problem });
  }

  function stopAt(problem: Problem, retryAfterS: number | null): void {
    if (problem.status === 401) return show({ isPaused: true, lastProblem: problem, nextTryAt: null });
    failures += 1;
    const asked = (retryAfterS ?? 0) * 1_000;
    silentUntil = clock.device() + asked;
    const delay = Math.max(asked, backoffDelay(failures, FIRST_DELAY_MS, LONGEST_DELAY_MS, chance()));
    cancelRetry();
    cancelRetry = clock.after(delay, () => void flush());
    const isUnreachable = problem.code === "needs_connection";
    show({ lastProblem: isUnreachable ? problemFor("server_unreachable") : problem, nextTryAt: clock.now() + delay });
  }

  async function run(): Promise<void> {
    show({ isSending: true });
    try {
      let isEmpty = true;
      do {
        isWanted = false;
        isEmpty = await lock(drain);
      } while (isWanted && isEmpty);
    } catch {
      // The database is gone: the device is full, or another tab closed it for a newer release.
      show({ lastProblem: problemFor("storage_full") });
    } finally {
      running = null;
      settleAllAsQueued();
      show({ isSending: false });
      await recount().catch(() => undefined);
    }
  }

  async function flush(): Promise<void> {
    if (view.isPaused || clock.device() < silentUntil) return settleAllAsQueued();
    isWanted = true;
    running ??= run();
    await running;
  }

  async function keep(path: string, body: Record<string, unknown> & Command, photo: Blob | null, alongside: readonly Alongside[]) {
    const commandId = body.command_id;
    const user = userId();
    if (!user) return { status: "refused", commandId, problem: problemFor("not_signed_in") } as const;
    const outcome = new Promise<Submitted<unknown, State>>((resolve) => {
      waiters.set(commandId, [...(waiters.get(commandId) ?? []), resolve]);
    });
    try {
      const kept = photo && { bytes: await photo.arrayBuffer(), type: photo.type };
      const photoKey = photo ? commandId : null;
      const entry = { command_id: commandId, user_id: user, path, body, photo_key: photoKey, occurred_at: body.occurred_at, refusal: null };
      await records.keepEntry(db, entry, kept, alongside);
    } catch {
      waiters.delete(commandId);
      return { status: "refused", commandId, problem: problemFor("storage_full") } as const;
    }
    await recount();
    const cancel = clock.after(waitMs, () => settle(commandId, { status: "queued", commandId }));
    void flush();
    return outcome.finally(cancel);
  }

  return {
    submit: (path, draft, extra = {}) => keep(path, complete(draft), null, extra.alongside ?? []) as never,
    submitPhoto: (path, fields, photo) => keep(path, complete(fields), photo, []) as never,
    async sendNow(path, draft) {
      await flush();
      if (view.isPaused) return { status: "refused", problem: problemFor("not_signed_in"), retryAfterS: null };
      if (view.unsent > 0) return { status: "unreachable", problem: problemFor("needs_connection"), reason: "network" };
      const answer = await http.post<CommandAnswer<never, State>>(path, complete(draft), { sender: userId() });
      if (answer.status === "done") onAnswer?.(answer.value, path);
      return answer;
    },
    flush,
    async resume() {
      show({ isPaused: false, lastProblem: null });
      await flush();
    },
    async acknowledge(commandId) {
      await records.dropRefused(db, commandId);
      await recount();
    },
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      listener(view);
      return () => listeners.delete(listener);
    },
    start() {
      let cancelTick: () => void = () => undefined;
      const tick = (): void => {
        cancelTick = clock.after(TICK_MS, tick);
        if (view.nextTryAt === null) void flush();
      };
      const stops = [events.onOnline(() => void flush()), events.onForeground(() => void flush())];
      void recount().then(flush, flush);
      cancelTick = clock.after(TICK_MS, tick);
      return () => [...stops, cancelTick, cancelRetry].forEach((stop) => stop());
    },
  };
}

/** True when sending the same again cannot help. */
function isFinal(problem: Problem): boolean {
  return problem.status < 500 && problem.status !== 401 && problem.code !== "too_many_requests";
}
