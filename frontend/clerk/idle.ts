/** Noticing that nobody is at the tablet any more: warn, lock, and tell the server while somebody is. */
import type { Clock } from "../lib/clock";

export interface IdleWatch {
  /** Somebody touched the tablet. */
  touch(): void;
  /** A code is on the screen for a driver's camera: that counts as use, for ten minutes at most. The answer ends it. */
  hold(): () => void;
  stop(): void;
}

export interface IdleOptions {
  clock: Clock;
  idleMs: number;
  /** Seconds until the lock while it is near, else null. */
  onWarning: (secondsLeft: number | null) => void;
  onIdle: () => void;
  /** Somebody has been here since the last report. */
  onActivity: () => void;
}

const WARNING_MS = 20_000;
const LONGEST_HOLD_MS = 10 * 60_000;
const REPORT_EVERY_MS = 30_000;
const TICK_MS = 1_000;

/** Watch from now on; spans are measured on the device's own clock, so that a corrected clock locks nobody out. */
export function createIdleWatch({ clock, idleMs, onWarning, onIdle, onActivity }: IdleOptions): IdleWatch {
  let touchedAt = clock.device();
  let reportedAt = clock.device();
  const heldSince = new Set<{ since: number }>();
  let warned: number | null = null;
  let cancel: () => void = () => undefined;

  function warn(secondsLeft: number | null): void {
    if (secondsLeft === warned) return;
    warned = secondsLeft;
    onWarning(secondsLeft);
  }

  function reportIfDue(now: number): void {
    if (touchedAt < reportedAt || now - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = now;
    onActivity();
  }

  function touch(): void {
    touchedAt = clock.device();
    warn(null);
    reportIfDue(touchedAt);
  }

  function tick(): void {
    const now = clock.device();
    if ([...heldSince].some(({ since }) => now - since < LONGEST_HOLD_MS)) touch();
    reportIfDue(now);
    const left = touchedAt + idleMs - now;
    if (left <= 0) {
      onIdle();
      return;
    }
    warn(left <= WARNING_MS ? Math.ceil(left / 1_000) : null);
    cancel = clock.after(TICK_MS, tick);
  }

  cancel = clock.after(TICK_MS, tick);
  return {
    touch,
    hold() {
      const held = { since: clock.device() };
      heldSince.add(held);
      return () => heldSince.delete(held);
    },
    stop: () => cancel(),
  };
}
