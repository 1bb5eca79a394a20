/** The run: the stop that is next, or, when all is done on this phone, what still waits to be sent. */
import { t, tn } from "../../lib/i18n";
import type { Run } from "../api";
import { Banners } from "../parts/banners";
import { Action } from "../parts/button";
import { useApp } from "../parts/context";
import { Screen } from "../parts/screen";
import { StopList } from "../parts/stop-list";
import { current, outbox } from "../state";
import { StopScreen } from "./stop";

export function RunScreen({ run }: { run: Run }) {
  const stop = current.value;
  return stop ? <StopScreen key={stop.id} stop={stop} run={run} page="here" isHome /> : <AllKept run={run} />;
}

function AllKept({ run }: { run: Run }) {
  const { commands } = useApp();
  const unsent = outbox.value.unsent;
  const bar = (
    <Action name="send-now" busy={t("Sending")} onTap={commands.sendUnsent}>
      {t("Try to send now")}
    </Action>
  );
  return (
    <Screen title={t("All stops are done on this phone")} bar={bar}>
      <Banners />
      <p>{tn("{n} step still has to reach the server. Go where there is signal; it is sent by itself.", "{n} steps still have to reach the server. Go where there is signal; they are sent by themselves.", unsent)}</p>
      <p class="muted">{t("Your earnings are shown when the server has everything.")}</p>
      <StopList run={run} heading={t("Stops")} />
    </Screen>
  );
}
