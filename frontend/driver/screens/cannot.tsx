/** A delivery that cannot be made: the reason, and what follows from it. */
import { useSignal } from "@preact/signals";
import { t } from "../../lib/i18n";
import type { DropoffStop, FailDropoff, Run } from "../api";
import { goHome } from "../navigation";
import { Action } from "../parts/button";
import { useApp } from "../parts/context";
import { NoteField } from "../parts/note-field";
import { useOutcome } from "../parts/outcome";
import { ProblemBanner } from "../parts/problem";
import { Reasons } from "../parts/reasons";
import { Screen } from "../parts/screen";

export function CannotScreen({ stop, run }: { stop: DropoffStop; run: Run }) {
  const { commands } = useApp();
  const { problem, take } = useOutcome();
  const reason = useSignal<FailDropoff["reason"] | null>(null);
  const note = useSignal("");
  const error = useSignal("");
  const { delivery } = stop;
  const store = delivery.store_name;

  async function send(): Promise<void> {
    error.value = reason.value ? "" : t("Choose a reason.");
    if (!reason.value) return;
    const outcome = await commands.fail(stop, run, reason.value, note.value.trim());
    if (take(outcome, t("Noted. The parcels go back to {store}.", { store }))) goHome();
  }

  const bar = (
    <Action name="send-fail" tone="stop" busy={t("Saving")} onTap={send}>
      {t("Do not deliver: back to {store}", { store })}
    </Action>
  );
  return (
    <Screen title={t("Why can {name} not get the parcels?", { name: delivery.recipient_first_name })} parent={{ name: "stop", stopId: stop.id, page: "here" }} bar={bar}>
      {problem.value && <ProblemBanner problem={problem.value} isAlert />}
      <p>{t("The parcels then go back to {store}: a stop there is added at the end of your run. The customer is told at once.", { store })}</p>
      <Reasons
        legend={t("Reason")}
        chosen={reason.value}
        onChoose={(chosen) => (reason.value = chosen)}
        reasons={[
          ["nobody_home", t("Nobody is there")],
          ["wrong_address", t("The address is wrong")],
          ["refused", t("The customer does not want it")],
          ["damaged", t("A parcel is damaged")],
          ["unsafe", t("It is not safe here")],
          ["other", t("Another reason")],
        ]}
      />
      <NoteField value={note} />
      <p role="alert">{error.value && <span class="field-error">{error.value}</span>}</p>
    </Screen>
  );
}
