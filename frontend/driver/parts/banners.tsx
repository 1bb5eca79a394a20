/** What the home screens say besides their one thing: an update, another phone, a position that is blocked. */
import { t } from "../../lib/i18n";
import { problemFor } from "../../lib/problems";
import { live, phone, positionProblem, run, state, update } from "../state";
import { Questions } from "./beside";
import { Action } from "./button";
import { ProblemBanner } from "./problem";

export function Banners() {
  const problem = live.value.problem;
  return (
    <>
      <UpdateBanner />
      {problem && problem.status !== 401 && <ProblemBanner problem={problem} isAlert />}
      {phone.value.status === "insecure" && <ProblemBanner problem={problemFor("insecure_page")} tone="warn" />}
      {isOtherPhone() && <Questions>{({ PhoneBanner }) => <PhoneBanner />}</Questions>}
      {Boolean(state.value?.incidents?.length) && <Questions>{({ Incidents }) => <Incidents />}</Questions>}
      {(run.value ? run.value.lapse : state.value?.lapsed) && <Questions>{({ LapseBanners }) => <LapseBanners />}</Questions>}
      <Proposal />
      {run.value && positionProblem.value && <ProblemBanner problem={positionProblem.value} tone="warn" />}
    </>
  );
}

function isOtherPhone(): boolean {
  const { status } = phone.value;
  return status === "other_phone" || status === "replaced";
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
