/** The shift while looking for runs, in one line that opens to change it. */
import { useSignal } from "@preact/signals";
import { t } from "../../lib/i18n";
import type { DriverState } from "../api";
import { shiftEnd } from "../fit";
import { Action } from "./button";
import { useApp } from "./context";
import { useOutcome } from "./outcome";
import { ProblemBanner } from "./problem";
import { ShiftFields, shiftOf } from "./shift-fields";
import { ownTimezone } from "./status-line";
import { vehicleName } from "./vehicle";

export function ShiftLine({ state }: { state: DriverState }) {
  const { commands } = useApp();
  const { problem, take } = useOutcome();
  const shift = useSignal(shiftOf(state.me));
  const isOpen = useSignal(false);
  const vehicle = vehicleName(state.me.vehicle_class ?? "car");
  return (
    <details class="card" data-part="shift" open={isOpen.value} onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>{t("Your shift: {vehicle}, {until}", { vehicle, until: shiftEnd(state.me.shift_until, ownTimezone()) })}</summary>
      <div class="stack">
        {problem.value && <ProblemBanner problem={problem.value} isAlert />}
        <ShiftFields shift={shift.value} onChange={(change) => (shift.value = { ...shift.value, ...change })} />
        <Action name="save-shift" tone="plain" isWide busy={t("Saving")} onTap={async () => void (isOpen.value = !take(await commands.setShift(shift.value), t("Your shift is changed")))}>
          {t("Save")}
        </Action>
      </div>
    </details>
  );
}
