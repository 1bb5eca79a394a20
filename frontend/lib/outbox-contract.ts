/** What the outbox promises to the screens, and what it needs. */
import type { Command, CommandAnswer, Problem } from "./api";
import type { Clock } from "./clock";
import type { Alongside, Database } from "./database";
import type { Http, Posted } from "./http";
import type { RandomBytes } from "./ids";
import type { Lock } from "./lock";
import type { PageEvents } from "./page-events";

/** A command as a screen writes it: id and time are added when it is kept, unless it was signed with them already. */
export type Draft<Body extends Command> = Omit<Body, keyof Command> & Partial<Command>;

export type Submitted<Result, State> =
  | { status: "done"; commandId: string; answer: CommandAnswer<Result, State> }
  /** Kept on this device; it will be sent when the connection is back. */
  | { status: "queued"; commandId: string }
  | { status: "refused"; commandId: string; problem: Problem };

/** What a screen shows about the outbox. Counts are of the person who is signed in. */
export interface OutboxView {
  unsent: number;
  /** Paths and times of what is unsent, oldest first. */
  pending: { commandId: string; path: string; occurredAt: string; body: Record<string, unknown> }[];
  isSending: boolean;
  /** True after a 401, until `resume`. */
  isPaused: boolean;
  /** Why the last try stopped; null when all went well. */
  lastProblem: Problem | null;
  /** Corrected milliseconds of the next try by itself; null when none is planned. */
  nextTryAt: number | null;
  /** Refused for good, oldest first; each stays until `acknowledge`. */
  refused: { commandId: string; path: string; occurredAt: string; body: Record<string, unknown>; problem: Problem }[];
  /** Commands that somebody else left on this device. */
  ofOthers: number;
}

export interface Outbox<State> {
  /**
   * Keep a command and send it. Resolves with the server's answer when it comes within `waitMs`, else with `queued`.
   * With a refusal that nobody waits for any more, the command moves to `view().refused`.
   */
  submit<Body extends Command, Result = unknown>(
    path: string,
    draft: Draft<Body>,
    options?: { alongside?: readonly Alongside[] },
  ): Promise<Submitted<Result, State>>;
  /** The same for a multipart upload; `fields` are sent as text beside the part `photo`. */
  submitPhoto<Result = unknown>(path: string, fields: Record<string, string>, photo: Blob): Promise<Submitted<Result, State>>;
  /** Send what is unsent, then this, and never keep it: for steps that make sense only now, such as a claim. */
  sendNow<Body extends Command, Result = unknown>(path: string, draft: Draft<Body>): Promise<Posted<CommandAnswer<Result, State>>>;
  /** Try to send everything now. */
  flush(): Promise<void>;
  /** The same person has signed in again. */
  resume(): Promise<void>;
  /** The person has read why this command was refused. */
  acknowledge(commandId: string): Promise<void>;
  view(): OutboxView;
  /** Called at once and after each change; the answer ends it. */
  subscribe(listener: (view: OutboxView) => void): () => void;
  /** Flush now, when online, in the foreground and every 30 s; the answer ends it. */
  start(): () => void;
}

export interface OutboxOptions<State> {
  db: Database;
  http: Http;
  clock: Clock;
  lock: Lock;
  events: PageEvents;
  /** Who is signed in, or null; asked before each sending. */
  userId: () => string | null;
  /** Every answer, also those that nobody waits for: the place to take over `answer.state`. */
  onAnswer?: (answer: CommandAnswer<unknown, State>, path: string) => void;
  waitMs?: number;
  random?: RandomBytes;
  chance?: () => number;
}
