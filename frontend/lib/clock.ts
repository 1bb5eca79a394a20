/**
 * The device's clock, corrected by what the server's answers teach, and timers that tests can hold still.
 *
 * All instants are milliseconds since 1970 in UTC unless a name says otherwise.
 */

import type { ClockClaim } from "./envelope";

/** Now and later, as parameters: modules of this folder never call `Date.now` or `setTimeout` themselves. */
export interface Clock {
  /** Server-corrected milliseconds since 1970. */
  now(): number;
  /** Milliseconds to add to the device's clock to get the server's. */
  offset(): number;
  /** Take over an offset, as kept from an earlier start; `syncedAt` is what `syncedAt()` said then. */
  setOffset(offsetMs: number, syncedAt?: number | null): void;
  /** Corrected milliseconds of the last lesson; null before the first. */
  syncedAt(): number | null;
  /**
   * Learn the offset from one answer.
   *
   * Args: `serverTime` ISO 8601, `sentAt` and `receivedAt` in raw device milliseconds. Answers that were under
   * way for more than 3 s teach nothing, because half of that would be the error.
   */
  learn(serverTime: string, sentAt: number, receivedAt: number): void;
  /**
   * Look whether the device's clock was moved since the last look. `isWatched`: the page was in front all the time.
   *
   * A clock that ran less than the monotonic one was set back. One that ran more was set forward, or the device slept,
   * when many monotonic clocks stand still: that counts only while somebody was looking at the page.
   */
  observe(isWatched: boolean): void;
  /** What a statement says of this clock. */
  claim(): ClockClaim;
  /** Raw device milliseconds, for measuring spans. */
  device(): number;
  /** Run `work` once in `delayMs`; the answer cancels it. */
  after(delayMs: number, work: () => void): () => void;
}

const SLOWEST_LESSON_MS = 3_000;
/** Networks set a phone's clock right by a second or two; more is a hand's work. */
const JUMP_MS = 5_000;

/** What a clock is made of; the browser's own unless a test gives others. */
export interface ClockParts {
  now: () => number;
  /** Milliseconds that only ever grow; the device's own clock when left out. */
  monotonic?: () => number;
  after: (delayMs: number, work: () => void) => () => void;
}

const browserParts: ClockParts = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, work) => {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Create the one clock of an app. */
export function createClock(parts: ClockParts = browserParts): Clock {
  const monotonic = parts.monotonic ?? parts.now;
  let offsetMs = 0;
  let syncedAt: number | null = null;
  let hasJumped = false;
  let seen = { device: parts.now(), monotonic: monotonic() };

  function observe(isWatched: boolean): void {
    const next = { device: parts.now(), monotonic: monotonic() };
    const drift = next.device - seen.device - (next.monotonic - seen.monotonic);
    if (drift < -JUMP_MS || (isWatched && drift > JUMP_MS)) hasJumped = true;
    seen = next;
  }

  return {
    now: () => parts.now() + offsetMs,
    offset: () => offsetMs,
    setOffset(value, learntAt = null) {
      offsetMs = value;
      syncedAt = learntAt;
      // A clock that stands before the moment it was last compared has been set back in between.
      hasJumped = learntAt !== null && parts.now() + value < learntAt - JUMP_MS;
    },
    syncedAt: () => syncedAt,
    learn: (serverTime, sentAt, receivedAt) => {
      const span = receivedAt - sentAt;
      const server = Date.parse(serverTime);
      if (Number.isNaN(server) || span < 0 || span > SLOWEST_LESSON_MS) return;
      offsetMs = Math.round(server + span / 2 - receivedAt);
      syncedAt = parts.now() + offsetMs;
      hasJumped = false;
      seen = { device: parts.now(), monotonic: monotonic() };
    },
    observe,
    claim() {
      observe(false);
      // Never synchronised counts from 1970: the longest age there is.
      const ageMs = parts.now() + offsetMs - (syncedAt ?? 0);
      return { offset_ms: Math.round(offsetMs), sync_age_s: Math.max(0, Math.floor(ageMs / 1_000)), jump: hasJumped };
    },
    device: parts.now,
    after: parts.after,
  };
}

/** Write an instant the way the JSON contracts want it: `2026-11-22T18:04:05.123Z`. */
export function isoInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
