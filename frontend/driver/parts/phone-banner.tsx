/** A phone that is not the driver's active one: what that means, and the way to make it so. */
import { useSignal } from "@preact/signals";
import type { Problem } from "../../lib/api";
import { t, tn } from "../../lib/i18n";
import { problemFor } from "../../lib/problems";
import { outbox, phone, state } from "../state";
import { Action } from "./button";
import { useApp } from "./context";
import { ProblemBanner } from "./problem";

export function PhoneBanner() {
  const { enrolment } = useApp();
  const problem = useSignal<Problem | null>(null);
  const document = state.value;
  if (!document) return null;
  const takeOver = (
    <>
      {problem.value && <p role="alert">{problem.value.next_step}</p>}
      <Action
        name="take-over"
        busy={t("Changing phone")}
        tone="plain"
        onTap={async () => {
          problem.value = (await enrolment.takeOver(document)) ? null : problemFor("needs_connection");
        }}
      >
        {t("Use this phone")}
      </Action>
    </>
  );
  if (phone.value.status === "replaced") {
    const { unsent } = outbox.value;
    return (
      <ProblemBanner problem={problemFor("phone_replaced")} tone="warn" isAlert>
        {unsent > 0 && <p>{tn("{n} step is saved on this phone, not sent yet", "{n} steps are saved on this phone, not sent yet", unsent)}</p>}
        {takeOver}
      </ProblemBanner>
    );
  }
  return (
    <div class="banner" data-tone="warn" data-banner="other_phone">
      <p>{t("Use this phone instead?")}</p>
      <p>{t("Your account is active on another phone. Codes that stores show are made for one phone only. If you go on here, the other one can no longer scan.")}</p>
      {takeOver}
    </div>
  );
}
