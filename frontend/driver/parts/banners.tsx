/** What the home screens say besides their one thing: an update, another phone, a position that is blocked. */
import { useSignal } from "@preact/signals";
import type { Problem } from "../../lib/api";
import { t } from "../../lib/i18n";
import { problemFor } from "../../lib/problems";
import { live, phone, positionProblem, run, state, update } from "../state";
import { Action } from "./button";
import { useApp } from "./context";
import { Incidents } from "./incidents";
import { ProblemBanner } from "./problem";

export function Banners() {
  const problem = live.value.problem;
  return (
    <>
      <UpdateBanner />
      {problem && problem.status !== 401 && <ProblemBanner problem={problem} isAlert />}
      <PhoneBanner />
      <Incidents />
      {run.value && positionProblem.value && <ProblemBanner problem={positionProblem.value} tone="warn" />}
    </>
  );
}

function UpdateBanner() {
  const updates = update.value;
  if (!updates) return null;
  return (
    <div class="banner" role="status">
      <p>{t("Update ready")}</p>
      <p>{t("The app starts again for it. Steps saved on this phone are kept.")}</p>
      <Action name="update" busy={t("Updating")} tone="plain" onTap={() => updates.accept()}>
        {t("Update now")}
      </Action>
    </div>
  );
}

function PhoneBanner() {
  const { enrolment } = useApp();
  const problem = useSignal<Problem | null>(null);
  if (phone.value.status === "insecure") return <ProblemBanner problem={problemFor("insecure_page")} tone="warn" />;
  const document = state.value;
  if (phone.value.status !== "other_phone" || !document) return null;
  return (
    <div class="banner" data-tone="warn" data-banner="other_phone">
      <p>{t("Use this phone instead?")}</p>
      <p>{t("Your account is active on another phone. Codes that stores show are made for one phone only. If you go on here, the other one can no longer scan.")}</p>
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
    </div>
  );
}
