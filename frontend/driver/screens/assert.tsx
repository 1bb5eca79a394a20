/** Neither code nor short code: the driver's word with a reason. The weakest evidence, so it says what follows. */
import { useSignal } from "@preact/signals";
import { t, tn } from "../../lib/i18n";
import { problemFor } from "../../scan/problems";
import type { PickupStop, Run } from "../api";
import { goHome } from "../navigation";
import { PIN_DIGITS } from "../entry";
import { Action } from "../parts/button";
import { CollectedResult, collectedOf } from "../parts/collected-result";
import { useApp } from "../parts/context";
import { ManagerCodeField } from "../parts/manager-code-field";
import { useOutcome } from "../parts/outcome";
import { ProblemBanner } from "../parts/problem";
import { Reasons } from "../parts/reasons";
import { Screen } from "../parts/screen";
import { labelsAt, phone, progressOf } from "../state";
import { parcelsOf } from "../statements";
import { countParcels, remainingAt } from "../steps";

/** What the dispatcher reads, in the language of the record. */
const RECORDED = {
  tablet_off: "The tablet is off or broken",
  no_tablet: "Nobody at the counter has the tablet",
  not_listed: "The tablet does not show this driver",
  other: "Another reason",
} as const;
type Reason = keyof typeof RECORDED;

export function AssertScreen({ stop, run }: { stop: PickupStop; run: Run }) {
  const { commands } = useApp();
  const { problem, take } = useOutcome();
  const reason = useSignal<Reason | null>(null);
  const error = useSignal("");
  const remaining = remainingAt(stop, progressOf(stop).mark);
  const count = countParcels(remaining);
  // Only signed words can carry the code; what another phone says without, a dispatcher looks at.
  const isDear = phone.value.status === "ready" && remaining.some(({ needs_manager_code: isNeeded }) => isNeeded);
  const code = useSignal("");
  const isSending = useSignal(false);
  // The store's word may come while this is open; the driver's own leads home by itself.
  if (remaining.length === 0 && !isSending.value) return <CollectedResult stop={stop} collected={collectedOf(stop, remaining, new Set(), false)} onAgain={goHome} />;

  async function send(): Promise<void> {
    error.value = reason.value ? "" : t("Choose a reason.");
    if (!reason.value) return;
    if (isDear && code.value.length < PIN_DIGITS) return void (problem.value = problemFor("manager_code_needed"));
    const checked = isDear ? await commands.checkManagerCode(stop.id, code.value) : { code: null };
    if ("problem" in checked) {
      code.value = "";
      return void (problem.value = checked.problem);
    }
    const taken = { kind: "assertion", reason: RECORDED[reason.value], parcels: parcelsOf(remaining), labels: labelsAt(stop.id), managerCode: checked.code } as const;
    isSending.value = true;
    if (take(await commands.collect(stop, run, taken), t("Collected at {store}", { store: stop.store.name }))) return goHome();
    isSending.value = false;
  }

  const bar = (
    <Action name="send-assertion" busy={t("Saving")} onTap={send}>
      {tn("I have {n} parcel", "I have {n} parcels", count)}
    </Action>
  );
  return (
    <Screen title={t("Collect without a code")} parent={{ name: "stop", stopId: stop.id, page: "here" }} bar={bar}>
      {problem.value && <ProblemBanner problem={problem.value} isAlert />}
      <p>{t("Your word is recorded as the only evidence. The dispatcher and the store see it and may ask you. You can go on.")}</p>
      <Reasons
        legend={t("Why is there no code?")}
        chosen={reason.value}
        onChoose={(chosen) => (reason.value = chosen)}
        reasons={[
          ["tablet_off", t("The tablet is off or broken")],
          ["no_tablet", t("Nobody at the counter has the tablet")],
          ["not_listed", t("The tablet does not show me")],
          ["other", t("Another reason")],
        ]}
      />
      {isDear && <ManagerCodeField code={code} store={stop.store.name} />}
      <p role="alert">{error.value && <span class="field-error">{error.value}</span>}</p>
    </Screen>
  );
}
