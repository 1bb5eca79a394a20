/** All earnings: the total, and each run with its lines on a tap. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { clockTime, dayText, money } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { Earnings } from "../api";
import { Action } from "../parts/button";
import { useApp } from "../parts/context";
import { PayDetails } from "../parts/pay";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { Skeleton } from "../parts/skeleton";
import { ownTimezone } from "../parts/status-line";
import { countsText } from "./finished";

export function EarningsScreen() {
  const { commands } = useApp();
  const earnings = useSignal<Earnings | null>(null);
  const problem = useSignal<Problem | null>(null);

  async function load(): Promise<void> {
    const answer = await commands.earnings();
    if (answer.status === "fresh") earnings.value = answer.value;
    problem.value = answer.status === "refused" || answer.status === "unreachable" ? answer.problem : null;
  }
  useEffect(() => void load(), []);

  return (
    <Screen title={t("Earnings")} parent={{ name: "account" }}>
      {problem.value && (
        <ProblemBanner problem={problem.value} tone="warn" isAlert>
          <Action name="retry" tone="plain" busy={t("Loading")} onTap={load}>
            {t("Try again")}
          </Action>
        </ProblemBanner>
      )}
      {!earnings.value && !problem.value && <Skeleton />}
      {earnings.value && <EarningsList earnings={earnings.value} />}
    </Screen>
  );
}

function EarningsList({ earnings }: { earnings: Earnings }) {
  if (earnings.runs.length === 0) return <p>{t("Nothing yet. What a run earned appears here when its last stop is done.")}</p>;
  const zone = ownTimezone();
  return (
    <>
      <p class="title-display number">{money(earnings.total)}</p>
      <p class="muted">{t("In the last 31 days")}</p>
      <ul class="stack offers">
        {earnings.runs.map((run) => (
          <li key={run.id} class="card stack stack-tight">
            <h2>{run.site_name}</h2>
            <p class="muted">
              {t("{day}, {time}.", { day: dayText(run.finished_at, zone), time: clockTime(run.finished_at, zone) })} {countsText(run)}
            </p>
            <PayDetails lines={run.pay} total={run.pay_total} />
          </li>
        ))}
      </ul>
    </>
  );
}
