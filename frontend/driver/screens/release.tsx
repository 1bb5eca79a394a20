/** Giving a run back before the first collection. */
import { useSignal } from "@preact/signals";
import { t } from "../../lib/i18n";
import type { ReleaseRun, Run } from "../api";
import { goHome } from "../navigation";
import { Action } from "../parts/button";
import { useApp } from "../parts/context";
import { NoteField } from "../parts/note-field";
import { useOutcome } from "../parts/outcome";
import { ProblemBanner } from "../parts/problem";
import { Reasons } from "../parts/reasons";
import { Screen } from "../parts/screen";

export function ReleaseScreen({ run }: { run: Run }) {
  const { commands } = useApp();
  const { problem, take } = useOutcome();
  const reason = useSignal<ReleaseRun["reason"] | null>(null);
  const note = useSignal("");
  const error = useSignal("");

  async function send(): Promise<void> {
    error.value = reason.value ? "" : t("Choose a reason.");
    if (!reason.value) return;
    if (take(await commands.release(run.id, { reason: reason.value, note: note.value.trim() }), t("The run is on offer again"))) goHome();
  }

  const bar = (
    <Action name="send-release" tone="stop" busy={t("Giving back")} onTap={send}>
      {t("Give the run back to other drivers")}
    </Action>
  );
  return (
    <Screen title={t("Why do you give this run back?")} parent={{ name: "home" }} bar={bar}>
      {problem.value && <ProblemBanner problem={problem.value} isAlert />}
      <p>{t("Another driver gets it at once and you are not paid for it. You may not get it again. After three runs given back within ten minutes there is a short pause.")}</p>
      <Reasons
        legend={t("Reason")}
        chosen={reason.value}
        onChoose={(chosen) => (reason.value = chosen)}
        reasons={[
          ["vehicle_problem", t("My vehicle has a problem")],
          ["too_long_wait", t("The wait at the store is too long")],
          ["emergency", t("An emergency")],
          ["mistake", t("I claimed it by mistake")],
          ["other", t("Another reason")],
        ]}
      />
      <NoteField value={note} />
      <p role="alert">{error.value && <span class="field-error">{error.value}</span>}</p>
    </Screen>
  );
}
