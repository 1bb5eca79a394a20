/** A word on the door that is next and whose window has not begun: on the way to it, and there. */
import type { DropoffStop } from "../api";
import { earlyAdvice, earlyAt, earlyTitle } from "../early";
import { current, now, progressOf, run } from "../state";

export function EarlyBanner({ stop }: { stop: DropoffStop }) {
  const timezone = run.value?.site.timezone;
  // Of a door that comes later nobody knows yet when the driver leaves for it.
  const isNext = current.value?.id === stop.id && !stop.delivery.hold;
  const early = isNext ? earlyAt(stop, progressOf(stop).step, now.value) : null;
  if (!early || !timezone) return null;
  return (
    <div class="banner" data-banner="early" role="status">
      <p>{earlyTitle(stop, early, now.value, timezone)}</p>
      <p>{earlyAdvice(stop, early, now.value, timezone)}</p>
    </div>
  );
}
