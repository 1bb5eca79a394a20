/** Ten digits and "delete", large enough for a quick thumb. */
import { t } from "../../lib/i18n";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "delete"];

export function Keypad({ onKey, isBusy }: { onKey: (key: string) => void; isBusy: boolean }) {
  return (
    <div class="keypad" role="group" aria-label={t("Digits")}>
      {KEYS.map((key, at) =>
        key === "" ? <span key={at} /> : (
          <button type="button" key={at} class="button" aria-disabled={isBusy} data-key={key} onClick={() => onKey(key)}>
            {key === "delete" ? t("Delete") : key}
          </button>
        ),
      )}
    </div>
  );
}
