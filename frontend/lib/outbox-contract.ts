/** What the outbox promises to the screens, and what it needs. */
import type { Command, CommandAnswer, Problem } from "./api";
import type { Chain } from "./chain";
import type { Clock } from "./clock";
import type { Alongside, Database } from "./database";
import type { Personal, Said } from "./envelope";
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

/** What the server made of one statement. */
export interface StatementResult {
  /** Null when the envelope could not even be read. */
  event_id: string | null;
  /** recorded: kept as evidence and not applied · held: waits for an earlier statement of this device. */
  outcome: "applied" | "duplicate" | "recorded" | "held" | "rejected";
  /** Outcome of the first arrival, when this was not the first. */
  original?: string | null;
  code: string | null;
  problem: Problem | null;
  level: "E0" | "E1" | "E2" | "E3" | null;
  flags: string[];
  server_seq: number | null;
  leaf_hash: string | null;
  facts: Record<string, unknown>;
}

/** One step as the screens know it. */
export interface KeptStep {
  commandId: string;
  path: string;
  occurredAt: string;
  body: Record<string, unknown>;
}

/** What a screen shows about the outbox. Counts are of the person who is signed in. */
export interface OutboxView {
  unsent: number;
  /** Paths and times of what is unsent, oldest first. */
  pending: KeptStep[];
  isSending: boolean;
  /** True after a 401, until `resume`. */
  isPaused: boolean;
  /** Why the last try stopped; null when all went well. */
  lastProblem: Problem | null;
  /** Corrected milliseconds of the next try by itself; null when none is planned. */
  nextTryAt: number | null;
  /** Refused for good, oldest first; each stays until `acknowledge`. */
  refused: (KeptStep & { problem: Problem })[];
  /** Commands that somebody else left on this device. */
  ofOthers: number;
  /** False until what is kept was read: nobody may be told before that nothing waits. */
  isRead: boolean;
}

/** What is known before anything was read. */
export const UNREAD: OutboxView = {
  unsent: 0, pending: [], isSending: false, isPaused: false, lastProblem: null, nextTryAt: null, refused: [], ofOthers: 0, isRead: false,
};

/** A statement as a screen makes it. */
export interface Spoken {
  said: Said;
  /** Values that travel beside the envelope; inside are only their salted hashes. */
  personal?: Personal;
  alongside?: readonly Alongside[];
}

export interface Outbox<State> {
  /**
   * Keep a command and send it. Resolves with the server's answer when it comes within `waitMs`, else with `queued`;
   * where the browser knows that it is offline, with `queued` as soon as the command is kept.
   * With a refusal that nobody waits for any more, the command moves to `view().refused`.
   */
  submit<Body extends Command, Result = unknown>(
    path: string,
    draft: Draft<Body>,
    options?: { alongside?: readonly Alongside[] },
  ): Promise<Submitted<Result, State>>;
  /**
   * The same for a handoff, signed as this device's next statement. `path` and `body` are for the screens only; what
   * is sent is the statement. A statement that the server recorded without applying it counts as refused: it says why.
   *
   * Raises: NoDeviceKey, when there is no key to sign with; nothing is kept then.
   */
  submitStatement(path: string, body: Record<string, unknown>, spoken: Spoken): Promise<Submitted<StatementResult, State>>;
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
  /** Look again what is kept: another tab or the service worker has sent something. */
  recount(): Promise<void>;
  view(): OutboxView;
  /** Called at once and after each change; the answer ends it. */
  subscribe(listener: (view: OutboxView) => void): () => void;
  /** Flush now, when online, in the foreground and every 30 s; the answer ends it. */
  start(): () => void;
}

/** What sending needs, on a page and in a service worker alike. */
export interface SendingParts {
  db: Database;
  http: Http;
  /** Who is signed in, or null; asked before each sending. */
  userId: () => string | null | Promise<string | null>;
  /** anyone: a shared device sends statements whoever is signed in, because they are signed by the device and name the person. */
  statementsOf?: "sender" | "anyone";
}

export interface OutboxOptions<State> extends SendingParts {
  userId: () => string | null;
  clock: Clock;
  lock: Lock;
  events: PageEvents;
  /** Signs statements; without it there are only plain commands. */
  chain?: Chain;
  /** Every answer, also those that nobody waits for: the place to take over `answer.state`. */
  onAnswer?: (answer: CommandAnswer<unknown, State>, path: string) => void;
  /**
   * Something was kept, or the page goes out of sight with unsent steps: the place to ask the browser to wake the
   * service worker when there is signal.
   */
  onLeft?: () => void;
  waitMs?: number;
  random?: RandomBytes;
  chance?: () => number;
}
