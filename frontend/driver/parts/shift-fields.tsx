/** Until when and with what somebody drives today. */
import { clockTime } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { ChangeShift, DriverState, VehicleClass } from "../api";
import { now } from "../state";
import { ownTimezone } from "./status-line";
import { vehicleName } from "./vehicle";

export type Shift = Pick<ChangeShift, "shift_until" | "vehicle_class">;

const VEHICLES: readonly VehicleClass[] = ["bike", "car", "suv", "van"];
const HOUR_MS = 3_600_000;
/** Whole hours that are offered as an end. */
const HOURS = 12;

/** What the driver has chosen before; an end that is over is none. */
export function shiftOf({ shift_until, vehicle_class }: DriverState["me"]): Shift {
  const isAhead = shift_until != null && Date.parse(shift_until) > now.value;
  return { shift_until: isAhead ? shift_until : null, vehicle_class: vehicle_class ?? "car" };
}

export function ShiftFields({ shift, onChange }: { shift: Shift; onChange: (change: Partial<Shift>) => void }) {
  return (
    <>
      <fieldset class="stack stack-tight" data-field="vehicle">
        <legend>{t("What do you drive today?")}</legend>
        <div class="choices choices-grid">
          {VEHICLES.map((kind) => (
            <label key={kind}>
              <input type="radio" name="vehicle_class" value={kind} checked={shift.vehicle_class === kind} onChange={() => onChange({ vehicle_class: kind })} />
              {vehicleName(kind)}
            </label>
          ))}
        </div>
      </fieldset>
      <div class="field">
        <label for="shift-until">{t("Until when?")}</label>
        <select id="shift-until" value={shift.shift_until ?? ""} aria-describedby="shift-hint" onChange={(event) => onChange({ shift_until: event.currentTarget.value || null })}>
          <option value="">{t("Open end")}</option>
          {endsFrom(now.value, shift.shift_until).map((end) => (
            <option key={end} value={end}>
              {clockTime(end, ownTimezone())}
            </option>
          ))}
        </select>
        <p class="hint" id="shift-hint">{t("Runs that end later are not offered to you first. You can change it at any time.")}</p>
      </div>
    </>
  );
}

/** Whole hours ahead, and the end that is chosen already. */
function endsFrom(from: number, chosen: string | null): string[] {
  const first = Math.ceil((from + HOUR_MS / 2) / HOUR_MS) * HOUR_MS;
  const ends = Array.from({ length: HOURS }, (_, hour) => new Date(first + hour * HOUR_MS).toISOString());
  return chosen === null || ends.includes(chosen) ? ends : [chosen, ...ends];
}
