/** Two drivers prove that they have the parcels: why nothing may be done with them, where the buttons would be. */
import { t } from "../../lib/i18n";
import { problemFor } from "../../lib/problems";
import type { Stop } from "../api";
import { Action } from "./button";
import { Call } from "./call";

/** Names the reason for buttons that cannot be tapped meanwhile. */
const REASON = "hold-reason";

/** True while a dispatcher has to decide who has the parcels of a stop. */
export function isHeld(stop: Stop): boolean {
  if (stop.kind === "dropoff") return stop.delivery.hold === true;
  return stop.kind === "return" && stop.deliveries.some(({ hold }) => hold);
}

export function HoldBanner() {
  const { detail, next_step: nextStep } = problemFor("delivery_on_hold");
  return (
    <>
      <p id={REASON} class="banner" data-tone="stop" data-banner="hold" role="status">
        {detail} {nextStep}
      </p>
      <Call />
    </>
  );
}

/** Stands where the main action does; it can be reached and says why it does nothing. */
export function HeldBar() {
  return (
    <Action name="held" busy="" describedBy={REASON} isDisabled onTap={() => undefined}>
      {t("On hold: the dispatcher decides")}
    </Action>
  );
}
