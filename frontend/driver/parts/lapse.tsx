/** A run that does not move: the question before it goes on offer again, and the word after. */
import { clockTime } from "../../lib/format";
import { t } from "../../lib/i18n";
import { hrefOf } from "../route";
import { run, state } from "../state";
import { Action } from "./button";
import { useApp } from "./context";
import { useOutcome } from "./outcome";
import { ProblemBanner } from "./problem";
import { ownTimezone } from "./status-line";

export function LapseBanners() {
  const held = run.value;
  if (held) return held.lapse ? <Warning runId={held.id} at={held.lapse.at} canKeep={held.lapse.can_keep} /> : null;
  const lapsed = state.value?.lapsed;
  if (!lapsed) return null;
  return (
    <div class="banner" data-tone="warn" data-banner="lapsed">
      <p>{t("Your run at {site} is on offer again", { site: lapsed.site_name })}</p>
      <p>
        {t("It had not moved for a while, and customers wait for a time. Nothing is held against you.")}{" "}
        {lapsed.is_on_offer ? t("If you are on your way, claim it again below.") : t("It is gone by now; new runs come through the day.")}
      </p>
      <p>{t("Parcels that you have collected meanwhile stay yours: the run comes back when your phone has sent its steps.")}</p>
    </div>
  );
}

function Warning({ runId, at, canKeep }: { runId: string; at: string; canKeep: boolean }) {
  const { commands } = useApp();
  const { problem, take } = useOutcome();
  return (
    <div class="banner" data-tone="warn" data-banner="lapse" role="alert">
      <p>{t("Are you on your way?")}</p>
      <p>{t("Your run has not moved for a while. At {time} it goes on offer again, so that the customers get their parcels in time.", { time: clockTime(at, ownTimezone()) })}</p>
      {problem.value && <ProblemBanner problem={problem.value} isAlert />}
      {canKeep && (
        <Action
          name="keep"
          busy={t("Sending")}
          tone="plain"
          onTap={async () => {
            take(await commands.keep(runId), t("Good. The run stays yours"));
          }}
        >
          {t("I am on my way")}
        </Action>
      )}
      <a class="button button-quiet" data-action="cannot-come" href={hrefOf({ name: "release" })}>{t("I cannot come: give the run back")}</a>
    </div>
  );
}
