/**
 * What a driver needs to know of a door whose window has not begun: until when there is time, and what he may do.
 *
 * All of it is told from what the phone has and its clock, so that it is right without signal too.
 */
import { isoInstant } from "../lib/clock";
import { clockTime, datedTime } from "../lib/format";
import { t } from "../lib/i18n";
import type { DropoffStop } from "./api";
import type { Step } from "./steps";

/** Less than this too early is as good as in time. */
const LITTLE_MS = 2 * 60_000;
/** Ways are estimates: when to leave is said in whole five minutes, the earlier ones. */
const LEAVES_ON_MS = 5 * 60_000;

/** On the way: when the driver is there if he leaves now, and when to leave instead (null for now). At the door: neither. */
export interface Early {
  isAtDoor: boolean;
  thereAt: number;
  leaveAt: number | null;
}

/** How early somebody is who leaves for a door now, or stands there; null for in time, and once the door is done. */
export function earlyAt(stop: DropoffStop, step: Step, now: number): Early | null {
  const opens = Date.parse(stop.window.from);
  if (step === "deliver") return now < opens ? { isAtDoor: true, thereAt: now, leaveAt: null } : null;
  const thereAt = now + stop.drive_s * 1_000;
  if (step !== "go" || opens - thereAt < LITTLE_MS) return null;
  const leaveAt = Math.floor((opens - stop.drive_s * 1_000) / LEAVES_ON_MS) * LEAVES_ON_MS;
  return { isAtDoor: false, thereAt, leaveAt: leaveAt > now ? leaveAt : null };
}

/** What is the matter, in a line. */
export function earlyTitle(stop: DropoffStop, early: Early, now: number, timezone: string): string {
  const facts = { time: datedTime(stop.window.from, now, timezone) };
  return early.isAtDoor ? t("You are early: the promised time begins at {time}", facts) : t("The promised time begins at {time}", facts);
}

/** What to do about it. */
export function earlyAdvice(stop: DropoffStop, { isAtDoor, thereAt, leaveAt }: Early, now: number, timezone: string): string {
  const { leave_at_door: isLeft, recipient_first_name: name } = stop.delivery;
  if (isAtDoor) {
    return isLeft
      ? t("Leave nothing at the door until then. If {name} comes out, you may hand it over now.", { name })
      : t("Wait until then, or hand over now if {name} is there.", { name });
  }
  const there = clockTime(isoInstant(thereAt), timezone);
  if (leaveAt === null) return t("If you leave now, you are there at {there} and wait a little.", { there });
  return t("If you leave now, you are there at {there}. Leave at {leave} to wait less.", { there, leave: datedTime(isoInstant(leaveAt), now, timezone) });
}
