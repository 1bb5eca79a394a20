/** What this phone still has to send, and what the server refused, with its explanation. */
import type { ComponentChildren } from "preact";
import type { SentStatement } from "../../lib/database";
import { clockTime } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { DriverState } from "../api";
import { Action } from "../parts/button";
import { useApp } from "../parts/context";
import { GradeBadge } from "../parts/grade";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { Skeleton } from "../parts/skeleton";
import { ownTimezone } from "../parts/status-line";
import { gradeOf } from "../sent";
import { outbox, sent } from "../state";
import { stepName } from "../step-names";

export function UnsentScreen({ state }: { state: DriverState | null }) {
  const { commands } = useApp();
  const { pending, refused, ofOthers, isRead, lastProblem } = outbox.value;
  const zone = state?.run?.site.timezone ?? ownTimezone();
  const bar = pending.length > 0 && (
    <Action name="send-now" busy={t("Sending")} onTap={commands.sendUnsent}>
      {t("Try to send now")}
    </Action>
  );
  return (
    <Screen title={t("Steps on this phone")} parent={{ name: "home" }} bar={bar || undefined}>
      {refused.map(({ commandId, path, occurredAt, problem }) => (
        <ProblemBanner key={commandId} problem={problem}>
          <p class="muted">{t("{step}, {time}", { step: stepName(path, state), time: clockTime(occurredAt, zone) })}</p>
          <Action name="acknowledge" tone="plain" busy={t("Removing")} onTap={() => commands.acknowledge(commandId)}>
            {t("Understood: remove this step")}
          </Action>
        </ProblemBanner>
      ))}
      {lastProblem && pending.length > 0 && <ProblemBanner problem={lastProblem} tone="warn" />}
      {pending.length > 0 && (
        <Steps title={tn("{n} step waits to be sent", "{n} steps wait to be sent", pending.length)}>
          {pending.map(({ commandId, path, occurredAt }) => (
            <li key={commandId} class="spread">
              <StepLine path={path} occurredAt={occurredAt} state={state} zone={zone} />
              <GradeBadge grade="phone" />
            </li>
          ))}
        </Steps>
      )}
      {sent.value.length > 0 && (
        <Steps title={t("Sent in this run")}>
          {sent.value.map((one) => (
            <li key={one.event_id} class="spread" data-outcome={one.outcome}>
              <StepLine path={one.path} occurredAt={one.occurred_at} state={state} zone={zone} note={outcomeText(one)} />
              <GradeBadge grade={gradeOf(one)} />
            </li>
          ))}
        </Steps>
      )}
      {!isRead && <Skeleton />}
      {isRead && pending.length === 0 && refused.length === 0 && sent.value.length === 0 && <p>{t("Nothing waits. Steps that you take without signal appear here until they are sent.")}</p>}
      {ofOthers > 0 && <p class="muted">{tn("{n} step of another driver is kept on this phone until that driver signs in.", "{n} steps of another driver are kept on this phone until that driver signs in.", ofOthers)}</p>}
    </Screen>
  );
}

interface StepLineProps {
  path: string;
  occurredAt: string;
  state: DriverState | null;
  zone: string;
  note?: string | null;
}

function StepLine({ path, occurredAt, state, zone, note = null }: StepLineProps) {
  return (
    <span class="grow">
      <span class="block">{stepName(path, state)}</span>
      <span class="muted small">
        <time dateTime={occurredAt}>{clockTime(occurredAt, zone)}</time>
        {note && ` · ${note}`}
      </span>
    </span>
  );
}

/** What happened to a statement, where it was not simply taken. */
function outcomeText({ outcome, flags }: SentStatement): string | null {
  if (outcome === "held") return t("Waits for an earlier step");
  if (outcome === "recorded") return t("Recorded, not applied");
  if (outcome === "rejected") return t("Not accepted");
  return flags.includes("pin_wrong") ? t("The PIN was wrong; the dispatcher looks at it") : null;
}

function Steps({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="stack stack-tight" aria-label={title}>
      <h2>{title}</h2>
      <ol class="list">{children}</ol>
    </section>
  );
}
