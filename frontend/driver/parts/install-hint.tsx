/** A calm word about putting the app on the home screen, where it keeps its data and opens without signal. */
import { useSignal } from "@preact/signals";
import { t } from "../../lib/i18n";
import { install } from "../state";

const DISMISSED_KEY = "mallrun-driver-install-seen";

export function InstallHint() {
  const isDismissed = useSignal(wasDismissed());
  const isApple = /iPhone|iPad/.test(navigator.userAgent) && !isInstalled();
  if (isDismissed.value || (!install.value && !isApple)) return null;
  const dismiss = (): void => {
    isDismissed.value = true;
    try {
      localStorage.setItem(DISMISSED_KEY, "1");
    } catch {
      // Shown again at the next start.
    }
  };
  return (
    <section class="card stack stack-tight" aria-labelledby="install-title">
      <h2 id="install-title">{t("Put Mallrun on your home screen")}</h2>
      <p class="muted">{t("It opens faster, also without signal, and keeps unsent steps safely.")}</p>
      {!install.value && <p>{t("Tap Share, then Add to Home Screen.")}</p>}
      <div class="row">
        {install.value && (
          <button type="button" class="button" data-action="install" onClick={() => install.value?.()}>
            {t("Add to home screen")}
          </button>
        )}
        <button type="button" class="button button-quiet" onClick={dismiss}>
          {t("Not now")}
        </button>
      </div>
    </section>
  );
}

function isInstalled(): boolean {
  return matchMedia("(display-mode: standalone)").matches;
}

function wasDismissed(): boolean {
  try {
    return localStorage.getItem(DISMISSED_KEY) !== null;
  } catch {
    return false;
  }
}
