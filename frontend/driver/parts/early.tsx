/** A word on a door whose window has not begun: on the way to it, and there. */
import type { DropoffStop, Run } from "../api";
import { earlyAdvice, earlyAt, earlyTitle } from "../early";
import { current, now } from "../state";
import type { Step } from "../steps";

export function EarlyBanner({ stop, run, step }: { stop: DropoffStop; run: Run; step: Step }) {
  // Of a door that comes later nobody knows yet when the driver leaves for it.
  const early = step === "go" && current.value?.id !== stop.id ? null : earlyAt(stop, step, now.value);
  if (!early) return null;
  const { timezone } = run.site;
  return (
    <div class="banner" data-banner="early" role="status">
      <p>{earlyTitle(stop, early, timezone)}</p>
      <p>{earlyAdvice(stop, early, timezone)}</p>
    </div>
  );
}
