/** Times, distances, spans and money as people say them, in the reader's language and the site's time zone. */
import type { Money } from "./api";
import { currentLocale, t, tn } from "./i18n";

const METRES_PER_MILE = 1609.344;
const FEET_PER_METRE = 3.28084;
/** Regions that put miles on their road signs; a language tag without region is read as one of them. */
const MILE_REGIONS = new Set(["US", "GB", "LR", "MM", "PR"]);
const DEFAULT_REGION = "US";

/** "4:10 pm" for an ISO instant, in the zone of the place it happens at. */
export function clockTime(iso: string, timezone: string): string {
  return spoken(clockParts(iso, timezone));
}

/** "4:10–4:25 pm", or "11:50 am–12:05 pm" when the halves of the day differ. */
export function clockWindow(from: string, until: string, timezone: string): string {
  const [start, end] = [clockParts(from, timezone), clockParts(until, timezone)];
  const half = (parts: Intl.DateTimeFormatPart[]): string | undefined => parts.find((p) => p.type === "dayPeriod")?.value;
  if (half(start) === undefined || half(start) !== half(end)) return `${spoken(start)}–${spoken(end)}`;
  return `${spoken(start.filter((part) => part.type !== "dayPeriod"))}–${spoken(end)}`;
}

/** "Sat, Nov 22" for an ISO instant. */
export function dayText(iso: string, timezone: string): string {
  const format = new Intl.DateTimeFormat(currentLocale(), { weekday: "short", month: "short", day: "numeric", timeZone: timezone });
  return format.format(new Date(iso));
}

/** "4:10 pm", with the day in front unless that is today: "Sat, Nov 22, 4:10 pm"; `now` in milliseconds since 1970. */
export function datedTime(iso: string, now: number, timezone: string): string {
  return dated(clockTime(iso, timezone), iso, now, timezone);
}

/** "4:10–4:25 pm", with the day in front unless that is today. */
export function datedWindow(span: { from: string; until: string }, now: number, timezone: string): string {
  return dated(clockWindow(span.from, span.until, timezone), span.from, now, timezone);
}

/** "Sat, Nov 22", or null for today. */
export function otherDay(iso: string, now: number, timezone: string): string | null {
  const day = dayText(iso, timezone);
  return day === dayText(new Date(now).toISOString(), timezone) ? null : day;
}

function dated(text: string, iso: string, now: number, timezone: string): string {
  const day = otherDay(iso, now, timezone);
  return day === null ? text : t("{day}, {time}", { day, time: text });
}

/** "Sat, Nov 22" for a day without time, `2026-11-22`. */
export function dateText(day: string): string {
  return dayText(`${day}T12:00:00Z`, "UTC");
}

/** "in 12 min", "now" or "5 min ago"; `now` in milliseconds since 1970. */
export function relativeTime(iso: string, now: number): string {
  const whole = Math.round((Date.parse(iso) - now) / 60_000);
  if (whole === 0) return t("now");
  return whole > 0 ? t("in {span}", { span: minutes(whole * 60) }) : t("{span} ago", { span: minutes(-whole * 60) });
}

/** "12 min" or "1 h 20 min" for seconds; anything above zero is at least one minute. */
export function minutes(seconds: number): string {
  const whole = seconds > 0 ? Math.max(1, Math.round(seconds / 60)) : 0;
  const [hours, rest] = [Math.floor(whole / 60), whole % 60];
  if (hours === 0) return t("{n} min", { n: rest });
  return rest === 0 ? t("{n} h", { n: hours }) : t("{hours} h {n} min", { hours, n: rest });
}

/** "500 ft", "0.8 mi" or "300 m", "1.2 km" for metres, by the region in the language tag. */
export function distance(metres: number): string {
  if (!usesMiles()) {
    return metres < 950 ? t("{n} m", { n: roundTo(metres, 10) }) : t("{n} km", { n: oneDecimal(metres / 1000) });
  }
  const miles = metres / METRES_PER_MILE;
  return miles < 0.19 ? t("{n} ft", { n: roundTo(metres * FEET_PER_METRE, 50) }) : t("{n} mi", { n: oneDecimal(miles) });
}

/** Whether the reader measures ways in miles and feet. */
export function usesMiles(): boolean {
  return MILE_REGIONS.has(region());
}

/** "$12.40" for minor units of any ISO 4217 currency. */
export function money(amount: Money): string {
  const format = new Intl.NumberFormat(currentLocale(), { style: "currency", currency: amount.currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount.amount_minor / 10 ** digits);
}

/** "2 parcels". */
export function parcels(count: number): string {
  return tn("{n} parcel", "{n} parcels", count);
}

function clockParts(iso: string, timezone: string): Intl.DateTimeFormatPart[] {
  const format = new Intl.DateTimeFormat(currentLocale(), { hour: "numeric", minute: "2-digit", timeZone: timezone });
  return format.formatToParts(new Date(iso));
}

function spoken(parts: Intl.DateTimeFormatPart[]): string {
  const text = parts.map((part) => (part.type === "dayPeriod" ? part.value.toLowerCase() : part.value)).join("");
  return text.replace(/\s+/g, " ").trim();
}

function region(): string {
  try {
    return new Intl.Locale(currentLocale()).region ?? DEFAULT_REGION;
  } catch {
    return DEFAULT_REGION;
  }
}

function roundTo(value: number, step: number): number {
  return Math.max(step, Math.round(value / step) * step);
}

function oneDecimal(value: number): string {
  // 9.97 is said as 10, not as 10.0.
  const digits = value < 9.95 ? 1 : 0;
  return new Intl.NumberFormat(currentLocale(), { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}
