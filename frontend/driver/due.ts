/** When to be somewhere, as people say it. */
import { datedTime } from "../lib/format";
import { t } from "../lib/i18n";

/** "4:10 pm"; once that is over nobody is told a time that nobody can keep. */
export function dueText(iso: string, now: number, timezone: string): string {
  return Date.parse(iso) <= now ? t("As soon as you can") : datedTime(iso, now, timezone);
}
