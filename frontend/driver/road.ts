/** What goes on while a run is driven: the position is told, and the screen stays on. */
import { effect } from "@preact/signals";
import type { Clock } from "../lib/clock";
import type { Http } from "../lib/http";
import { keepAwake } from "../lib/wakelock";
import { createPositionReporter } from "./positions";
import * as signals from "./state";

/** Report positions on duty with a run, and at no other time. */
export function watchPositions(http: Http, clock: Clock): void {
  const reporter = createPositionReporter({
    http,
    clock,
    geolocation: navigator.geolocation,
    permissions: navigator.permissions,
    isSecure: isSecureContext,
    onFix: (fix) => (signals.fix.value = fix),
    onProblem: (problem) => (signals.positionProblem.value = problem),
  });
  effect(() => {
    const isDriving = Boolean(signals.state.value?.me.on_duty) && signals.run.value !== null;
    if (isDriving) reporter.start();
    else reporter.stop();
  });
}

/** Hold the screen awake while parcels are on the road. */
export function stayAwakeOnTheRoad(): void {
  let sleep: (() => void) | null = null;
  effect(() => {
    const isDelivering = signals.run.value?.status === "delivering";
    if (isDelivering) sleep ??= keepAwake();
    else {
      sleep?.();
      sleep = null;
    }
  });
}
