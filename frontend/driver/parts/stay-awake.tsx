/** While a driver waits for a run: the screen stays on, and the switch for it. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../../lib/i18n";
import { keepAwake } from "../../lib/wakelock";
import { keepChoice, keptChoice, watchCharging } from "../awake";

export function StayAwake() {
  const choice = useSignal(keptChoice());
  /** Null: the browser does not say. */
  const isCharging = useSignal<boolean | null>(null);
  const isRefused = useSignal(false);
  const isOn = choice.value ?? isCharging.value ?? false;
  useEffect(() => watchCharging((charges) => (isCharging.value = charges)), []);
  useEffect(() => {
    isRefused.value = false;
    return isOn ? keepAwake({ tell: (isHeld) => (isRefused.value = !isHeld) }) : undefined;
  }, [isOn]);
  // Without the interface there is nothing to switch.
  if (!navigator.wakeLock) return null;
  const choose = (wanted: boolean): void => {
    choice.value = wanted;
    keepChoice(wanted);
  };
  return (
    <div class="card" data-part="awake">
      <label class="switch">
        <input type="checkbox" role="switch" aria-describedby="awake-hint" checked={isOn} onChange={(event) => choose(event.currentTarget.checked)} />
        <span class="strong">{t("Keep the screen on while waiting")}</span>
      </label>
      <p id="awake-hint" class="muted">
        {t("A new run can only sound while the screen is on. It takes battery.")}
        {choice.value === null && isCharging.value !== null && ` ${t("Until you choose, it is on while the phone charges.")}`}
      </p>
      <div role="status">
        {isOn && isRefused.value && (
          <p class="fit" data-tone="warn">
            {t("The phone does not allow it now, perhaps to save battery. The screen may go dark.")}
          </p>
        )}
      </div>
    </div>
  );
}
