/** The screens of one stop; a step that is over falls back to the stop itself. */
import type { DriverState, Run, Stop } from "../api";
import type { StopPage } from "../route";
import { AssertScreen } from "./assert";
import { CannotScreen } from "./cannot";
import { PhotoScreen } from "./photo";
import { PinScreen } from "./pin";
import { ScanCustomer } from "./scan-customer";
import { ScanRelease } from "./scan-release";
import { ShortCodeScreen } from "./short-code";
import { ShowPhone } from "./show-phone";
import { StopScreen } from "./stop";

interface StopRouterProps {
  stop: Stop;
  run: Run;
  page: StopPage;
  serverKeys: DriverState["server_keys"];
}

export function StopRouter({ stop, run, page, serverKeys }: StopRouterProps) {
  if (stop.kind === "dropoff") {
    if (page === "scan") return <ScanCustomer stop={stop} run={run} serverKeys={serverKeys} />;
    if (page === "pin") return <PinScreen stop={stop} run={run} />;
    if (page === "photo") return <PhotoScreen stop={stop} run={run} />;
    if (page === "cannot") return <CannotScreen stop={stop} run={run} />;
  } else {
    if (page === "code") return <ShortCodeScreen stop={stop} run={run} />;
    if (stop.kind === "pickup" && page === "scan") return <ScanRelease stop={stop} run={run} />;
    if (stop.kind === "pickup" && page === "show") return <ShowPhone stop={stop} run={run} />;
    if (stop.kind === "pickup" && page === "assert") return <AssertScreen stop={stop} run={run} />;
  }
  return <StopScreen stop={stop} run={run} page={page} />;
}
