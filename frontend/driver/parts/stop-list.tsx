/** All stops of a run: those ahead in order, so that the next one is in sight, then what has become of the others. */
import { clockTime, otherDay } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { Run, Stop } from "../api";
import { hrefOf } from "../route";
import { gradeOfStop } from "../sent";
import { current, now, progressOf, sent } from "../state";
import { type Step, isCancelled } from "../steps";
import { placeOf, skippedWord, whatOf } from "../stop-words";
import { GradeBadge } from "./grade";

export function StopList({ run, heading }: { run: Run; heading: string }) {
  const stops = [...run.stops].sort((one, other) => one.seq - other.seq);
  const isBehind = (stop: Stop): boolean => ["kept", "over"].includes(progressOf(stop).step);
  const ahead = stops.filter((stop) => !isBehind(stop));
  const behind = stops.filter(isBehind);
  const day = stops[0] ? otherDay(stops[0].planned_at, now.value, run.site.timezone) : null;
  return (
    <section class="stack stack-tight" aria-labelledby="stops-title">
      <div class="spread">
        <h2 id="stops-title">{heading}</h2>
        {day && <p class="muted">{day}</p>}
      </div>
      <Rows stops={ahead} run={run} />
      {ahead.length > 0 && behind.length > 0 && <h3>{t("Behind you")}</h3>}
      <Rows stops={behind} run={run} />
    </section>
  );
}

function Rows({ stops, run }: { stops: Stop[]; run: Run }) {
  if (stops.length === 0) return null;
  return (
    <ol class="list stops">
      {stops.map((stop) => (
        <StopRow key={stop.id} stop={stop} timezone={run.site.timezone} />
      ))}
    </ol>
  );
}

function StopRow({ stop, timezone }: { stop: Stop; timezone: string }) {
  const { step } = progressOf(stop);
  return (
    <li aria-current={current.value?.id === stop.id ? "step" : undefined} data-stop={stop.id} data-step={step}>
      <a class="stop-row" href={hrefOf({ name: "stop", stopId: stop.id, page: "here" })}>
        <span class="grow">
          <span class="strong">{placeOf(stop)}</span>
          <span class="muted small">{whatOf(stop)}</span>
        </span>
        {step === "go" ? <time dateTime={stop.planned_at}>{clockTime(stop.planned_at, timezone)}</time> : <StepBadge stop={stop} step={step} />}
      </a>
    </li>
  );
}

function levelsOf(stop: Stop): (string | null)[] {
  if (stop.kind === "dropoff") return [];
  return stop.deliveries.filter(({ status }) => status !== "cancelled").map(({ verification }) => verification);
}

/** The state of a stop as word, shape and colour. */
export function StepBadge({ stop, step }: { stop: Stop; step: Step }) {
  if (step === "kept") return <GradeBadge grade="phone" />;
  if (stop.status === "skipped") return <span class="badge">{stop.kind === "dropoff" ? skippedWord(stop) : t("Left out")}</span>;
  if (isCancelled(stop)) return <span class="badge">{t("Cancelled")}</span>;
  if (step === "over") return <GradeBadge grade={gradeOfStop(stop.id, levelsOf(stop), sent.value)} />;
  return <span class="badge" data-tone="go">{t("You are here")}</span>;
}
