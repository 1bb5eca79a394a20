/** How many parcels: minus, number, plus. */
import { t } from "../../lib/i18n";
import { MOST_PARCELS } from "../draft";

export function ParcelStepper({ count, onChange }: { count: number; onChange: (count: number) => void }) {
  const set = (next: number): void => onChange(Math.min(MOST_PARCELS, Math.max(1, next)));
  return (
    <div class="field">
      <label for="parcel_count">{t("Parcels")}</label>
      <div class="stepper">
        <button type="button" class="button" aria-label={t("One parcel less")} aria-disabled={count <= 1} onClick={() => set(count - 1)}>−</button>
        <input id="parcel_count" name="parcel_count" class="number" inputMode="numeric" value={String(count)} maxLength={2} autocomplete="off"
          onChange={(event) => {
            set(Number.parseInt(event.currentTarget.value, 10) || 1);
            event.currentTarget.value = String(Math.min(MOST_PARCELS, Math.max(1, Number.parseInt(event.currentTarget.value, 10) || 1)));
          }} />
        <button type="button" class="button" aria-label={t("One parcel more")} aria-disabled={count >= MOST_PARCELS} onClick={() => set(count + 1)}>+</button>
      </div>
    </div>
  );
}
