/** Earnings: a week by days, each run on a tap with its stops and lines, and a file for a spreadsheet. */
import { clockTime, dateText, minutes, money } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { EarningsWeek, FinishedRun, PaidBlock } from "../api";
import { NotThere, useAsked } from "../parts/asked";
import { Action } from "../parts/button";
import { useApp } from "../parts/context";
import { Screen } from "../parts/screen";
import { ownTimezone } from "../parts/status-line";
import { hrefOf } from "../route";
import { live, route } from "../state";
import { EarnedRunScreen } from "./earned-run";
import { countsText } from "./finished";

export function EarningsScreen() {
  const here = route.value;
  return here.name === "earnings" && here.runId ? <EarnedRunScreen key={here.runId} runId={here.runId} /> : <WeekScreen />;
}

function WeekScreen() {
  const { commands } = useApp();
  const weekOf = (on: string | null) => () => commands.earnings(ownTimezone(), on);
  const asked = useAsked(weekOf(shownLast?.last_on ?? null), shownLast);
  const week = asked.value;
  if (week) shownLast = week;

  return (
    <Screen title={t("Earnings")} parent={{ name: "account" }}>
      <NotThere asked={asked} />
      {week && <Week week={week} onWeek={(on) => asked.ask(weekOf(on))} />}
    </Screen>
  );
}

/** Back from a run the same week is there at once. Not kept beyond the page: signing out loads another. */
let shownLast: EarningsWeek | null = null;

function Week({ week, onWeek }: { week: EarningsWeek; onWeek: (on: string) => Promise<void> }) {
  const { previous_on, next_on } = week;
  return (
    <>
      <h2 class="muted">{t("{first} to {last}", { first: dateText(week.first_on), last: dateText(week.last_on) })}</h2>
      <p class="title-display number" data-total>
        {money(week.total)}
      </p>
      <div class="row">
        <Action name="previous-week" tone="plain" busy={t("Loading")} onTap={() => onWeek(previous_on)}>
          {t("The week before")}
        </Action>
        {next_on && (
          <Action name="next-week" tone="plain" busy={t("Loading")} onTap={() => onWeek(next_on)}>
            {t("The week after")}
          </Action>
        )}
      </div>
      {week.days.length === 0 && <p data-empty="earnings">{t("Nothing in this week. What a run earned appears here when its last stop is done.")}</p>}
      {week.days.map((day) => (
        <section key={day.on} class="stack stack-tight" data-day={day.on} aria-labelledby={`day-${day.on}`}>
          <h2 id={`day-${day.on}`}>
            {dateText(day.on)} <span class="number muted">{money(day.total)}</span>
          </h2>
          <ul class="list links">
            {day.runs.map((run) => (
              <li key={run.id}>
                <EarnedLink run={run} />
              </li>
            ))}
            {day.blocks.map((block) => (
              <li key={block.id} data-paid-block={block.id}>
                <PaidLine block={block} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      <Files week={week} />
    </>
  );
}

function EarnedLink({ run }: { run: FinishedRun }) {
  return (
    <a class="earned" data-earned={run.id} href={hrefOf({ name: "earnings", runId: run.id })}>
      <span class="earned-line strong">
        <span class="earned-name">{run.site_name}</span> <span class="number">{money(run.pay_total)}</span>
      </span>{" "}
      <span class="muted small">
        {t("Finished {time}.", { time: clockTime(run.finished_at, ownTimezone()) })} {countsText(run)}
      </span>
    </a>
  );
}

/** What a block added; where the runs came to more there is no line. */
function PaidLine({ block }: { block: PaidBlock }) {
  const facts = { guaranteed: money(block.guaranteed), span: minutes(block.seconds), earned: money(block.earned) };
  return (
    <div class="earned">
      <span class="earned-line strong">
        <span>{t("Block at {site}", { site: block.site_name })}</span> <span class="number">{money(block.pay_total)}</span>
      </span>{" "}
      <span class="muted small">{t("Guaranteed {guaranteed} for {span} on duty; your runs came to {earned} before tips.", facts)}</span>
    </div>
  );
}

/** Files come from the server: without signal there are none. */
function Files({ week }: { week: EarningsWeek }) {
  if (live.value.freshness === "offline") return <p class="muted">{t("A table of your earnings can be downloaded when there is signal.")}</p>;
  const address = (span: Record<string, string>): string => `/driver/api/earnings.csv?${new URLSearchParams({ timezone: ownTimezone(), ...span })}`;
  return (
    <ul class="list links">
      <li>
        <a data-action="csv-week" href={address({ first_on: week.first_on, last_on: week.last_on })} download="">
          {t("This week as a table (CSV)")}
        </a>
      </li>
      <li>
        <a data-action="csv-all" href={address({})} download="">
          {t("The last 13 months as a table (CSV)")}
        </a>
      </li>
    </ul>
  );
}
