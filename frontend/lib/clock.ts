/**
 * The device's clock, corrected by what the server's answers teach, and timers that tests can hold still.
 *
 * All instants are milliseconds since 1970 in UTC unless a name says otherwise.
 */

/** Now and later, as parameters: modules of this folder never call `Date.now` or `setTimeout` themselves. */
export interface Clock {
  /** Server-corrected milliseconds since 1970. */
  now(): number;
  /** Milliseconds to add to the device's clock to get the server's. */
  offset(): number;
  /** Take over an offset, as kept from an earlier start. */
  setOffset(offsetMs: number): void;
  /**
   * Learn the offset from one answer.
   *
   * Args: `serverTime` ISO 8601, `sentAt` and `receivedAt` in raw device milliseconds. Answers that were under
   * way for more than 3 s teach nothing, because half of that would be the error.
   */
  learn(serverTime: string, sentAt: number, receivedAt: number): void;
  /** Raw device milliseconds, for measuring spans. */
  device(): number;
  /** Run `work` once in `delayMs`; the answer cancels it. */
  after(delayMs: number, work: () => void): () => void;
}

const SLOWEST_LESSON_MS = 3_000;

/** What a clock is made of; the browser's own unless a test gives others. */
export interface ClockParts {
  now: () => number;
  after: (delayMs: number, work: () => void) => () => void;
}

const browserParts: ClockParts = {
  now: () => Date.now(),
  after: (delayMs, work) => {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Create the one clock of an app. */
export function createClock(parts: ClockParts = browserParts): Clock {
  let offsetMs = 0;
  return {
    now: () => parts.now() + offsetMs,
    offset: () => offsetMs,
    setOffset: (value) => {
      offsetMs = value;
    },
    learn: (serverTime, sentAt, receivedAt) => {
      const span = receivedAt - sentAt;
      const server = Date.parse(serverTime);
      if (Number.isNaN(server) || span < 0 || span > SLOWEST_LESSON_MS) return;
      offsetMs = Math.round(server + span / 2 - receivedAt);
    },
    device: parts.now,
    after: parts.after,
  };
}

/** Write an instant the way the JSON contracts want it: `2026-11-22T18:04:05.123Z`. */
export function isoInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
