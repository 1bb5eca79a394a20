/** After the last stop: what was earned, line by line. */
import { clockTime, money } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { FinishedRun } from "../api";
import { Banners } from "../parts/banners";
import { PayLines } from "../parts/pay";
import { Screen } from "../parts/screen";
import { ownTimezone } from "../parts/status-line";
import { hrefOf } from "../route";
import { setEndedHere, state } from "../state";

export function FinishedScreen({ finished }: { finished: FinishedRun }) {
  const bar = (
    <button type="button" class="button button-primary" data-action="seen" onClick={() => setEndedHere(null)}>
      {state.value?.me.on_duty ? t("Look for the next run") : t("Done")}
    </button>
  );
  return (
    <Screen title={t("You earned {amount}", { amount: money(finished.pay_total) })} bar={bar}>
      <Banners />
      <p>
        {t("{site}, finished at {time}.", { site: finished.site_name, time: clockTime(finished.finished_at, ownTimezone()) })} {countsText(finished)}
      </p>
      <div class="card" data-finished={finished.id}>
        <PayLines lines={finished.pay} total={finished.pay_total} />
      </div>
      <a class="button button-quiet" data-action="earnings" href={hrefOf({ name: "earnings" })}>
        {t("All earnings")}
      </a>
    </Screen>
  );
}

/** "3 deliveries made, 1 given back." */
export function countsText({ delivered_count, returned_count }: FinishedRun): string {
  const made = tn("{n} delivery made", "{n} deliveries made", delivered_count);
  return returned_count === 0 ? t("{made}.", { made }) : t("{made}, {returned} given back.", { made, returned: returned_count });
}
