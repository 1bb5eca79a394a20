/** Which screen is on: by address, and at home by what the state calls for. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../lib/i18n";
import type { DriverState } from "../api";
import { go } from "../navigation";
import { Banners } from "../parts/banners";
import { lazily } from "../parts/lazily";
import { Screen } from "../parts/screen";
import { Skeleton } from "../parts/skeleton";
import { Toast } from "../parts/toast";
import { brought, endedHere, live, route, state } from "../state";
import { homeOf } from "../steps";

const Aside = lazily(() => import("./aside"));
const Driving = lazily(() => import("./driving"));
const Looking = lazily(() => import("./looking"));

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
  if (route.value.name === "unsent") return <Aside>{({ UnsentScreen }) => <UnsentScreen state={document} />}</Aside>;
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
  const counter = brought.value === null ? undefined : document.run?.stops.find((each) => each.kind === "pickup" && each.done_at === null);
  useEffect(() => {
    if (counter) go({ name: "stop", stopId: counter.id, page: "scan" });
  }, [counter?.id]);
  if (here.name === "account") return <Aside>{({ AccountScreen }) => <AccountScreen state={document} />}</Aside>;
  if (here.name === "blocks") return <Aside>{({ BlocksScreen }) => <BlocksScreen />}</Aside>;
  if (here.name === "earnings") return <Aside>{({ EarningsScreen }) => <EarningsScreen />}</Aside>;
  const { run } = document;
  if (here.name === "release" && run?.can_release) return <Aside>{({ ReleaseScreen }) => <ReleaseScreen run={run} />}</Aside>;
  const stop = here.name === "stop" ? run?.stops.find(({ id }) => id === here.stopId) : undefined;
  if (here.name === "stop" && run && stop) return <Driving>{({ StopRouter }) => <StopRouter key={stop.id} stop={stop} run={run} page={here.page} serverKeys={document.server_keys} />}</Driving>;
  return <Home document={document} />;
}

function Home({ document }: { document: DriverState }): ComponentChildren {
  const home = homeOf(document, endedHere.value);
  if (home === "run") return <Driving>{({ RunScreen }) => <RunScreen run={document.run!} />}</Driving>;
  if (home === "finished") return <Aside>{({ FinishedScreen }) => <FinishedScreen finished={document.last_finished!} />}</Aside>;
  if (home === "offers") return <Looking>{({ OffersScreen }) => <OffersScreen state={document} />}</Looking>;
  if (home === "duty") return <Looking>{({ DutyScreen }) => <DutyScreen state={document} />}</Looking>;
  return (
    <Screen title={t("Not approved yet")}>
      <Banners />
      <p>{t("A dispatcher looks at your papers first. This page changes by itself when you may drive; usually within one working day.")}</p>
    </Screen>
  );
}
