/** Which screen is on: by address, and at home by what the state calls for. */
import type { ComponentChildren } from "preact";
import { t } from "../../lib/i18n";
import type { DriverState } from "../api";
import { Banners } from "../parts/banners";
import { Screen } from "../parts/screen";
import { Skeleton } from "../parts/skeleton";
import { Toast } from "../parts/toast";
import { endedHere, live, route, state } from "../state";
import { homeOf } from "../steps";
import { AccountScreen } from "./account";
import { DutyScreen } from "./duty";
import { EarningsScreen } from "./earnings";
import { FinishedScreen } from "./finished";
import { OffersScreen } from "./offers";
import { ReleaseScreen } from "./release";
import { RunScreen } from "./run";
import { StopRouter } from "./stop-router";
import { UnsentScreen } from "./unsent";

export function Screens() {
  return (
    <>
      <Current />
      <Toast />
    </>
  );
}

function Current() {
  const document = state.value;
  if (route.value.name === "unsent") return <UnsentScreen state={document} />;
  return document ? <Known document={document} /> : <Waiting />;
}

/** Nothing was ever heard from the server on this phone. */
function Waiting() {
  const isOffline = live.value.freshness === "offline";
  return (
    <Screen title={isOffline ? t("No connection yet") : t("Loading your runs")}>
      <Banners />
      {isOffline ? <p>{t("The app needs the server once to know you. It goes on by itself when there is signal.")}</p> : <Skeleton />}
    </Screen>
  );
}

function Known({ document }: { document: DriverState }) {
  const here = route.value;
  if (here.name === "account") return <AccountScreen state={document} />;
  if (here.name === "earnings") return <EarningsScreen />;
  const { run } = document;
  if (here.name === "release" && run?.can_release) return <ReleaseScreen run={run} />;
  const stop = here.name === "stop" ? run?.stops.find(({ id }) => id === here.stopId) : undefined;
  if (here.name === "stop" && run && stop) return <StopRouter key={stop.id} stop={stop} run={run} page={here.page} serverKeys={document.server_keys} />;
  return <Home document={document} />;
}

function Home({ document }: { document: DriverState }): ComponentChildren {
  const home = homeOf(document, endedHere.value);
  if (home === "run") return <RunScreen run={document.run!} />;
  if (home === "finished") return <FinishedScreen finished={document.last_finished!} />;
  if (home === "offers") return <OffersScreen state={document} />;
  if (home === "duty") return <DutyScreen state={document} />;
  return (
    <Screen title={t("Not approved yet")}>
      <Banners />
      <p>{t("A dispatcher looks at your papers first. This page changes by itself when you may drive; usually within one working day.")}</p>
    </Screen>
  );
}
