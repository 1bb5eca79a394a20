/** A ring that empties until the code changes; the seconds stand inside. */
import { tn } from "../../lib/i18n";

const RADIUS = 20;
const AROUND = 2 * Math.PI * RADIUS;

export function CountdownRing({ seconds, total }: { seconds: number; total: number }) {
  return (
    <p class="ring">
      <svg viewBox="0 0 48 48" aria-hidden="true">
        <circle class="ring-track" cx="24" cy="24" r={RADIUS} />
        <circle class="ring-left" cx="24" cy="24" r={RADIUS} transform="rotate(-90 24 24)" stroke-dasharray={`${(AROUND * seconds) / total} ${AROUND}`} />
        <text x="24" y="29" text-anchor="middle" aria-hidden="true">{seconds}</text>
      </svg>
      <span class="muted small">{tn("New code in {n} second", "New code in {n} seconds", seconds)}</span>
    </p>
  );
}
