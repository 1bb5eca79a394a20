/** What this phone still has to send, and what the server refused, with its explanation. */
import type { ComponentChildren } from "preact";
import { clockTime } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { DriverState } from "../api";
import { Action } from "../parts/button";
import { useApp } from "../parts/context";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { ownTimezone } from "../parts/status-line";
import { outbox } from "../state";
import { stepName } from "../step-names";

export function UnsentScreen({ state }: { state: DriverState | null }) {
  const { commands } = useApp();
  const { pending, refused, ofOthers, lastProblem } = outbox.value;
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
              <span>{stepName(path, state)}</span>
              <time class="muted" dateTime={occurredAt}>{clockTime(occurredAt, zone)}</time>
            </li>
          ))}
        </Steps>
      )}
      {pending.length === 0 && refused.length === 0 && <p>{t("Nothing waits. Steps that you take without signal appear here until they are sent.")}</p>}
      {ofOthers > 0 && <p class="muted">{tn("{n} step of another driver is kept on this phone until that driver signs in.", "{n} steps of another driver are kept on this phone until that driver signs in.", ofOthers)}</p>}
    </Screen>
  );
}

function Steps({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="stack stack-tight" aria-labelledby="pending-title">
      <h2 id="pending-title">{title}</h2>
      <ol class="list">{children}</ol>
    </section>
  );
}
