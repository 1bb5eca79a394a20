/** What does not fit together about this driver's deliveries, and the one question that a store's word raises. */
import { t, tn } from "../../lib/i18n";
import type { Incident, Run } from "../api";
import { outbox, phone, run, state } from "../state";
import { Action } from "./button";
import { useApp } from "./context";
import { useOutcome } from "./outcome";
import { ProblemBanner } from "./problem";

export function Incidents() {
  return (
    <>
      {(state.value?.incidents ?? []).map((incident) => (
        <IncidentBanner key={incident.id} incident={incident} run={run.value} />
      ))}
    </>
  );
}

function IncidentBanner({ incident, run: present }: { incident: Incident; run: Run | null }) {
  const { title, detail, next_step, ask } = incident;
  return (
    <div class="banner" data-tone="warn" data-incident={incident.kind}>
      <p>{title}</p>
      <p>
        {detail} {next_step}
      </p>
      {ask && present && phone.value.status === "ready" && <Question incident={incident} ask={ask} epoch={present.epoch} />}
    </div>
  );
}

function Question({ incident, ask, epoch }: { incident: Incident; ask: NonNullable<Incident["ask"]>; epoch: number }) {
  const { commands } = useApp();
  const { problem, take } = useOutcome();
  const isAnswered = outbox.value.pending.some(({ path }) => path.startsWith(`/incidents/${incident.id}/`));
  if (isAnswered) return <p>{t("Your answer is saved on this phone.")}</p>;
  const answer = (isTrue: boolean) => async () => take(await commands.answer(incident, epoch, isTrue), t("Your answer is recorded"));
  const facts = { store: ask.store_name };
  return (
    <>
      <p class="strong">
        {tn("{store} says you took {n} parcel. Is that so?", "{store} says you took {n} parcels. Is that so?", ask.parcel_count, facts)}
      </p>
      {problem.value && <ProblemBanner problem={problem.value} isAlert />}
      <div class="row">
        <Action name="confirm-incident" tone="plain" busy={t("Saving")} onTap={answer(true)}>
          {tn("Yes, I have {n} parcel", "Yes, I have {n} parcels", ask.parcel_count)}
        </Action>
        <Action name="dispute-incident" tone="plain" busy={t("Saving")} onTap={answer(false)}>
          {t("No, I have not got them")}
        </Action>
      </div>
    </>
  );
}
