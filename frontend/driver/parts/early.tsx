/** A word to a driver who has time: before the run, on the way to a door whose window has not begun, and there. */
import { datedTime } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { DropoffStop, PickupStop, Run } from "../api";
import { beThereBy, earlyAdvice, earlyAt, earlyTitle } from "../early";
import { current, now } from "../state";
import type { Step } from "../steps";

export function EarlyBanner({ stop, run, step }: { stop: DropoffStop; run: Run; step: Step }) {
  // Of a door that comes later nobody knows yet when the driver leaves for it.
  const early = step === "go" && current.value?.id !== stop.id ? null : earlyAt(stop, step, now.value);
  if (!early) return null;
  const { timezone } = run.site;
  return (
    <div class="banner" data-banner="early" role="status">
      <p>{earlyTitle(stop, early, now.value, timezone)}</p>
      <p>{earlyAdvice(stop, early, now.value, timezone)}</p>
    </div>
  );
}

export function NoHurryBanner({ stop, run, step }: { stop: PickupStop; run: Run; step: Step }) {
  const by = beThereBy(stop, run, step, now.value);
  if (by === null) return null;
  return (
    <div class="banner" data-banner="no-hurry" role="status">
      <p>{t("Be at the counter by {time}", { time: datedTime(by, now.value, run.site.timezone) })}</p>
      <p>{t("That is in time for every customer. If you come earlier, you only wait.")}</p>
    </div>
  );
}
