/** The quiet line at the top: what is unsent or refused, and how fresh the screen is. It keeps its height when empty. */
import { clockTime } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import { hrefOf } from "../route";
import { live, outbox, state } from "../state";

export function StatusLine() {
  const refused = outbox.value.refused.length;
  const unsent = outbox.value.unsent;
  const text = refused > 0 ? refusedText(refused) : unsent > 0 ? unsentText(unsent) : freshnessText();
  const leads = refused > 0 || unsent > 0;
  return (
    <div class="notice" role="status" data-freshness={live.value.freshness} data-tone={refused > 0 ? "stop" : undefined}>
      {leads ? (
        <a href={hrefOf({ name: "unsent" })} data-action="unsent">
          {text}
        </a>
      ) : (
        text
      )}
    </div>
  );
}

function refusedText(count: number): string {
  return tn("{n} step was refused. See why", "{n} steps were refused. See why", count);
}

function unsentText(count: number): string {
  const isWaiting = live.value.freshness === "offline" || outbox.value.nextTryAt !== null;
  if (!isWaiting) return tn("Sending {n} step", "Sending {n} steps", count);
  return tn("{n} step is saved on this phone, not sent yet", "{n} steps are saved on this phone, not sent yet", count);
}

function freshnessText(): string {
  const { freshness, lastAt } = live.value;
  if (freshness === "live" || !state.value) return "";
  if (freshness === "polling") return t("Checking every few seconds");
  if (lastAt === null) return t("Offline");
  return t("Offline. Last heard at {time}", { time: clockTime(new Date(lastAt).toISOString(), state.value.timezone ?? ownTimezone()) });
}

/** The phone's own time zone, where no place gives another. */
export function ownTimezone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
