/** One finished run: where its stops were, when, and which line of pay is for which stop. */
import { clockTime, dayText, distance, money } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { EarnedRun } from "../api";
import { NotThere, useAsked } from "../parts/asked";
import { useApp } from "../parts/context";
import { PayLines } from "../parts/pay";
import { Screen } from "../parts/screen";
import { ownTimezone } from "../parts/status-line";
import { countsText } from "./finished";

export function EarnedRunScreen({ runId }: { runId: string }) {
  const { commands } = useApp();
  const asked = useAsked<EarnedRun>(() => commands.earnedRun(runId));
  const run = asked.value;

  return (
    <Screen title={run ? money(run.pay_total) : t("A finished run")} parent={{ name: "earnings" }}>
      <NotThere asked={asked} />
      {run && <Details run={run} />}
    </Screen>
  );
}

function Details({ run }: { run: EarnedRun }) {
  const zone = ownTimezone();
  const lines = run.pay.map((line) => (line.stop_seq === null ? line : { ...line, facts: t("stop {n}: {facts}", { n: line.stop_seq, facts: line.facts }) }));
  return (
    <>
      <p>
        {t("{site}, {day}, {time}.", { site: run.site_name, day: dayText(run.finished_at, zone), time: clockTime(run.finished_at, zone) })}{" "}
        {countsText(run)} {t("{distance} driven.", { distance: distance(run.distance_m) })}
      </p>
      <div class="card" data-finished={run.id}>
        <PayLines lines={lines} total={run.pay_total} />
      </div>
      <h2>{t("Stops")}</h2>
      <ol class="plain stack stack-tight" data-stops>
        {run.stops.map((stop) => (
          <li key={stop.seq} class="card">
            <span class="number">{stop.seq}</span> <span class="strong">{placeText(stop)}</span>
            <br />
            <span class="muted small">{timesText(stop, zone)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

function placeText({ kind, place }: EarnedRun["stops"][number]): string {
  if (place === null) return t("Another driver brings these parcels");
  if (kind === "pickup") return t("Collect at {place}", { place });
  return kind === "return" ? t("Give back at {place}", { place }) : t("Bring to {place}", { place });
}

function timesText({ status, arrived_at, done_at }: EarnedRun["stops"][number], zone: string): string {
  if (status === "skipped") return t("Left out");
  if (arrived_at && done_at) return t("There at {arrived}, done at {done}", { arrived: clockTime(arrived_at, zone), done: clockTime(done_at, zone) });
  return "";
}
