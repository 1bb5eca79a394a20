/** The screens of one stop; a step that is over falls back to the stop itself. */
import { useState } from "preact/hooks";
import type { DriverState, Run, Stop } from "../api";
import { loadAtStop } from "../parts/at-stop";
import { isHeld } from "../parts/hold";
import type { StopPage } from "../route";
import { lazily } from "../parts/lazily";
import { progressOf } from "../state";
import { isCancelled } from "../steps";
import { StopScreen } from "./stop";

const AtStop = lazily(loadAtStop);

interface StopRouterProps {
  stop: Stop;
  run: Run;
  page: StopPage;
  serverKeys: DriverState["server_keys"];
}

export function StopRouter({ stop, run, page, serverKeys }: StopRouterProps) {
  // Come to again, after a restart or with the browser's buttons. A screen that is open when its step ends leads on by itself.
  const [wasDone] = useState(() => isDone(stop));
  // A screen that is open when the hold or a cancellation comes gives way to its reason.
  if (isHeld(stop) || isCancelled(stop) || wasDone) return <StopScreen stop={stop} run={run} page={page} />;
  if (stop.kind === "dropoff") {
    if (page === "scan") return <AtStop>{({ ScanCustomer }) => <ScanCustomer stop={stop} run={run} serverKeys={serverKeys} />}</AtStop>;
    if (page === "pin") return <AtStop>{({ PinScreen }) => <PinScreen stop={stop} run={run} />}</AtStop>;
    if (page === "photo") return <AtStop>{({ PhotoScreen }) => <PhotoScreen stop={stop} run={run} />}</AtStop>;
    if (page === "cannot") return <AtStop>{({ CannotScreen }) => <CannotScreen stop={stop} run={run} />}</AtStop>;
  } else {
    if (page === "code") return <AtStop>{({ ShortCodeScreen }) => <ShortCodeScreen stop={stop} run={run} />}</AtStop>;
    if (stop.kind === "pickup" && page === "scan") return <AtStop>{({ ScanRelease }) => <ScanRelease stop={stop} run={run} />}</AtStop>;
    if (stop.kind === "pickup" && page === "show") return <AtStop>{({ ShowPhone }) => <ShowPhone stop={stop} run={run} />}</AtStop>;
    if (stop.kind === "pickup" && page === "assert") return <AtStop>{({ AssertScreen }) => <AssertScreen stop={stop} run={run} />}</AtStop>;
  }
  return <StopScreen stop={stop} run={run} page={page} />;
}

/** A PIN that waits to be checked may still be entered again. */
function isDone(stop: Stop): boolean {
  const { step } = progressOf(stop);
  return step === "over" || (step === "kept" && stop.kind === "pickup");
}
