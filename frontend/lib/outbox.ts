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
import type { Command, CommandAnswer } from "./api";
import { backoffDelay } from "./backoff";
import { NoDeviceKey, type Signed } from "./chain";
import { isoInstant } from "./clock";
import type { EntryContent, OutboxEntry } from "./database";
import { uuidv7 } from "./ids";
import { awaitedBy } from "./outbox-answers";
import { createContentReader, eligible } from "./outbox-contents";
import { type Draft, type Outbox, type OutboxOptions, type OutboxView, type Spoken, type Submitted, UNREAD } from "./outbox-contract";
import * as records from "./outbox-records";
import { type Step, createSender } from "./outbox-sending";
import { problemFor } from "./problems";
import { seal, sealBytes } from "./sealing";
import { CodeRefused } from "./tokens";

export type { Draft, Outbox, OutboxOptions, OutboxView, Submitted } from "./outbox-contract";
export { answerOf } from "./outbox-answers";

const WAIT_MS = 8_000;
const TICK_MS = 30_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 300_000;

/** What one step is before it is kept. */
interface Act {
  path: string;
  body: Record<string, unknown> & Command;
  photo?: Blob;
  spoken?: Spoken;
  alongside?: Spoken["alongside"];
}

/** Create the outbox of one audience. */
export function createOutbox<State>(options: OutboxOptions<State>): Outbox<State> {
  const { db, http, clock, lock, events, userId, chain, onAnswer, onLeft, random, waitMs = WAIT_MS, chance = Math.random } = options;
  const listeners = new Set<(view: OutboxView) => void>();
  const waiters = new Map<string, ((outcome: Submitted<unknown, State>) => void)[]>();
  /** Steps that are being written down: a round of sending that ends meanwhile has not tried them. */
  const beingKept = new Set<string>();
  const contents = createContentReader(db);
  const sender = createSender<State>(options, contents, (commandId) => waiters.has(commandId));
  let view = UNREAD;
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
    contents.keepOnly(entries);
    const own = entries.filter((entry) => eligible(entry, userId(), options.statementsOf));
    const steps = await Promise.all(
      own.map(async (entry) => {
        const { body } = await contents.read(entry);
        return { commandId: entry.command_id, path: entry.path, occurredAt: entry.occurred_at, body, problem: entry.refusal };
      }),
    );
    const pending = steps.flatMap(({ problem, ...step }) => (problem === null ? [step] : []));
    const refused = steps.flatMap(({ problem, ...step }) => (problem === null ? [] : [{ ...step, problem }]));
    show({ unsent: pending.length, pending, refused, ofOthers: entries.length - own.length, isRead: true });
  }

  function settle(outcome: Submitted<unknown, State>): void {
    for (const resolve of waiters.get(outcome.commandId) ?? []) resolve(outcome);
    waiters.delete(outcome.commandId);
  }

  function settleAllAsQueued(): void {
    for (const commandId of [...waiters.keys()]) if (!beingKept.has(commandId)) settle({ status: "queued", commandId });
  }

  function complete<Body extends Command>(draft: Draft<Body>): Record<string, unknown> & Command {
    const now = clock.now();
    return { ...draft, command_id: draft.command_id ?? uuidv7(now, random), occurred_at: draft.occurred_at ?? isoInstant(now) };
  }

  /** Send until nothing is left (true) or something says stop (false). */
  async function drain(): Promise<boolean> {
    for (;;) {
      if (view.isPaused) return false;
      const step = await sender.next();
      if (step.status === "empty") return true;
      if (step.status === "stopped") {
        stopAt(step);
        return false;
      }
      if (step.status === "again") continue;
      for (const outcome of step.outcomes) settle(outcome);
      if (step.answer) onAnswer?.(step.answer, step.path);
      failures = 0;
      show({ lastProblem: null, nextTryAt: null });
      await recount();
    }
  }

  function stopAt({ problem, retryAfterS, isUnreachable }: Extract<Step<State>, { status: "stopped" }>): void {
    if (problem.status === 401) return show({ isPaused: true, lastProblem: problem, nextTryAt: null });
    failures += 1;
    const asked = (retryAfterS ?? 0) * 1_000;
    silentUntil = clock.device() + asked;
    const delay = Math.max(asked, backoffDelay(failures, FIRST_DELAY_MS, LONGEST_DELAY_MS, chance()));
    cancelRetry();
    cancelRetry = clock.after(delay, () => void flush());
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

  async function keepingOf({ path, body, photo, alongside = [] }: Act, user: string, signed: Signed | null): Promise<records.Keeping> {
    const commandId = body.command_id;
    const statement = signed && { envelope: signed.envelope, beside: signed.beside };
    const content: EntryContent = { body, ...(statement ? { statement } : {}) };
    const entry: OutboxEntry = {
      command_id: commandId,
      user_id: user,
      path,
      content: await seal(db, content),
      statement_size: statement && JSON.stringify(statement).length,
      photo_key: photo ? commandId : null,
      answers: statement ? {} : awaitedBy(body),
      occurred_at: body.occurred_at,
      refusal: null,
    };
    const sealedPhoto = photo && { ...(await sealBytes(db, new Uint8Array(await photo.arrayBuffer()))), type: photo.type };
    return { entry, photo: sealedPhoto ?? null, alongside };
  }

  async function write(act: Act, user: string): Promise<void> {
    const { spoken, body } = act;
    if (!spoken) return records.keepEntry(db, await keepingOf(act, user, null));
    if (!chain) throw new NoDeviceKey();
    const { said, personal = {} } = spoken;
    const saying = { said, personal, eventId: body.command_id, occurredAt: Date.parse(body.occurred_at) };
    await chain.append(saying, (signed) => keepingOf(act, user, signed));
  }

  async function keep(act: Act): Promise<Submitted<unknown, State>> {
    const commandId = act.body.command_id;
    const user = userId();
    if (!user) return { status: "refused", commandId, problem: problemFor("not_signed_in") };
    const outcome = new Promise<Submitted<unknown, State>>((resolve) => {
      waiters.set(commandId, [...(waiters.get(commandId) ?? []), resolve]);
    });
    beingKept.add(commandId);
    try {
      await write(act, user);
    } catch (error) {
      waiters.delete(commandId);
      beingKept.delete(commandId);
      if (error instanceof NoDeviceKey) throw error;
      return { status: "refused", commandId, problem: problemFor(error instanceof CodeRefused ? error.code : "storage_full") };
    }
    onLeft?.();
    await recount();
    beingKept.delete(commandId);
    const cancel = clock.after(events.isOffline() ? 0 : waitMs, () => settle({ status: "queued", commandId }));
    void flush();
    return outcome.finally(cancel);
  }

  return {
    submit: (path, draft, extra = {}) => keep({ path, body: complete(draft), ...extra }) as never,
    submitStatement: (path, body, spoken) =>
      keep({ path, body: complete(body), spoken, ...(spoken.alongside ? { alongside: spoken.alongside } : {}) }) as never,
    submitPhoto: (path, fields, photo) => keep({ path, body: complete(fields), photo }) as never,
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
    recount,
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
      const stops = [
        events.onOnline(() => void flush()),
        events.onForeground(() => void flush()),
        events.onBackground(() => view.unsent > 0 && onLeft?.()),
      ];
      void recount().then(flush, flush);
      cancelTick = clock.after(TICK_MS, tick);
      return () => [...stops, cancelTick, cancelRetry].forEach((stop) => stop());
    },
  };
}
