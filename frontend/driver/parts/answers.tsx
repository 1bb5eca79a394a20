/** What became of a run that the driver asked for and another one has: why, and what comes next. */
import { t } from "../../lib/i18n";
import type { LostAsk } from "../api";
import { lostText } from "../fit";

export function Answers({ answers }: { answers: readonly LostAsk[] }) {
  return (
    <div role="status" class="stack stack-tight">
      {answers.map((answer) => (
        <div key={answer.run_id} class="banner" data-banner="lost-ask">
          <p>{t("The run at {site} went to another driver", { site: answer.site_name })}</p>
          <p>
            {lostText(answer)} {t("Nothing is held against you: the next run that fits you best is yours.")}
          </p>
        </div>
      ))}
    </div>
  );
}
