/** Dear goods: the six digits of the store's manager, entered by the manager on the driver's phone. */
import type { Signal } from "@preact/signals";
import { t } from "../../lib/i18n";
import { pinOf } from "../entry";
import { live } from "../state";

export function ManagerCodeField({ code, store }: { code: Signal<string>; store: string }) {
  const isOffline = live.value.freshness === "offline";
  return (
    <div class="field">
      <label for="manager-code">{t("Manager’s code of {store}", { store })}</label>
      <input
        id="manager-code"
        class="digits"
        type="password"
        inputMode="numeric"
        autocomplete="off"
        aria-describedby="manager-code-hint"
        value={code.value}
        onInput={(event) => (code.value = event.currentTarget.value = pinOf(event.currentTarget.value))}
      />
      <p id="manager-code-hint" class="hint">
        {t("Some of these goods are worth more than the store lets go without a manager. Let a manager enter the six digits here.")}
        {isOffline && ` · ${t("Offline: it will be checked when there is signal.")}`}
      </p>
    </div>
  );
}
