/** What the home screens say besides their one thing: an update, another phone, a position that is blocked. */
import { useSignal } from "@preact/signals";
import type { Problem } from "../../lib/api";
import { t, tn } from "../../lib/i18n";
import { problemFor } from "../../lib/problems";
import { live, outbox, phone, positionProblem, run, state, update } from "../state";
import { Action } from "./button";
import { useApp } from "./context";
import { lazily } from "./lazily";
import { ProblemBanner } from "./problem";

export const Questions = lazily(() => import("./questions"), "part");

export function Banners() {
  const problem = live.value.problem;
  return (
    <>
      <UpdateBanner />
      {problem && problem.status !== 401 && <ProblemBanner problem={problem} isAlert />}
      <PhoneBanner />
      {Boolean(state.value?.incidents?.length) && <Questions>{({ Incidents }) => <Incidents />}</Questions>}
      {(run.value ? run.value.lapse : state.value?.lapsed) && <Questions>{({ LapseBanners }) => <LapseBanners />}</Questions>}
      <Proposal />
      {run.value && positionProblem.value && <ProblemBanner problem={positionProblem.value} tone="warn" />}
    </>
  );
}

function Proposal() {
  const here = run.value;
  const proposal = here?.proposal;
  if (!here || !proposal) return null;
  return <Questions>{({ NewOrder }) => <NewOrder key={proposal.id} run={here} proposal={proposal} />}</Questions>;
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
  const { status } = phone.value;
  if ((status !== "other_phone" && status !== "replaced") || !document) return null;
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
  if (status === "replaced") {
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
