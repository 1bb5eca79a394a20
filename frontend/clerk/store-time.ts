/** Times as the store's clock on the wall says them, turned into instants and back. Right on days when clocks change. */

/** A span of delivery, as ISO instants. */
export interface Span {
  from: string;
  until: string;
}

interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Windows begin at even hours, the first at 8 in the morning, the last ends at 10 at night. */
const SLOT_HOURS = [8, 10, 12, 14, 16, 18, 20];
const SLOT_LENGTH_H = 2;

/** What the wall clock of a zone shows at an instant (milliseconds). */
export function wallTime(instant: number, timezone: string): WallTime {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone, hourCycle: "h23",
    year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
  });
  const parts = Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, Number(value)]));
  return { year: parts.year!, month: parts.month!, day: parts.day!, hour: parts.hour!, minute: parts.minute! };
}

/**
 * The instant at which a wall clock shows a time. `day` and `hour` may run over, as in `Date.UTC`.
 *
 * A time that is skipped in spring is read as the same span after midnight (2:30 becomes 3:30); one that comes twice
 * in autumn is its first.
 */
export function instantAt(wall: WallTime, timezone: string): number {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  // Offsets of the day before and the day after: they differ only around a change.
  const offsets = [asUtc - 24 * HOUR_MS, asUtc + 24 * HOUR_MS].map((near) => offsetAt(near, timezone));
  const candidates = offsets.map((offset) => asUtc - offset);
  const exact = candidates.filter((candidate) => candidate + offsetAt(candidate, timezone) === asUtc);
  return exact.length > 0 ? Math.min(...exact) : candidates[0]!;
}

function offsetAt(instant: number, timezone: string): number {
  const wall = wallTime(instant, timezone);
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute) - Math.floor(instant / MINUTE_MS) * MINUTE_MS;
}

/** The instant of `"14:05"`, `dayOffset` days after the store's today; null when it is no time. */
export function instantOn(dayOffset: number, time: string, now: number, timezone: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (!match) return null;
  const today = wallTime(now, timezone);
  return instantAt({ ...today, day: today.day + dayOffset, hour: Number(match[1]), minute: Number(match[2]) }, timezone);
}

/** The next time that the wall clock shows `"14:05"`; what was so within the last minute is now. */
export function nextInstant(time: string, now: number, timezone: string): number | null {
  const instants = [0, 1].map((dayOffset) => instantOn(dayOffset, time, now, timezone));
  return instants.find((instant) => instant !== null && instant >= now - MINUTE_MS) ?? null;
}

/** `"14:05"` for an instant: the value of an `<input type="time">`. */
export function timeValue(instant: number, timezone: string): string {
  const { hour, minute } = wallTime(instant, timezone);
  return [hour, minute].map((part) => String(part).padStart(2, "0")).join(":");
}

/** The two hours after the parcels are ready, from the next full five minutes. */
export function soonest(readyAt: number): Span {
  const from = Math.ceil(readyAt / (5 * MINUTE_MS)) * 5 * MINUTE_MS;
  return spanOf(from, from + SLOT_LENGTH_H * HOUR_MS);
}

/** Up to four windows of two hours that begin after the parcels are ready: the store's today, or tomorrow when it is too late. */
export function nextWindows(readyAt: number, now: number, timezone: string): Span[] {
  const today = wallTime(now, timezone);
  const windowsOf = (dayOffset: number): Span[] =>
    SLOT_HOURS.map((hour) => {
      const wall = { ...today, day: today.day + dayOffset, minute: 0 };
      return [instantAt({ ...wall, hour }, timezone), instantAt({ ...wall, hour: hour + SLOT_LENGTH_H }, timezone)] as const;
    }).filter(([from]) => from >= readyAt).map(([from, until]) => spanOf(from, until));
  const later = windowsOf(0);
  return (later.length > 0 ? later : windowsOf(1)).slice(0, 4);
}

/** A window by hand; an end that is not after its beginning means the day after. Null when a time is missing. */
export function windowByHand(dayOffset: number, from: string, until: string, now: number, timezone: string): Span | null {
  const start = instantOn(dayOffset, from, now, timezone);
  const end = instantOn(until > from ? dayOffset : dayOffset + 1, until, now, timezone);
  return start === null || end === null ? null : spanOf(start, end);
}

function spanOf(from: number, until: number): Span {
  return { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
}
