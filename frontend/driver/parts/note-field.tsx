/** A few words of the driver's own. */
import type { Signal } from "@preact/signals";
import { t } from "../../lib/i18n";

/** As the server takes it. */
const LONGEST_NOTE = 500;

export function NoteField({ value }: { value: Signal<string> }) {
  return (
    <div class="field">
      <label for="note">{t("Note (if you like)")}</label>
      <textarea id="note" maxLength={LONGEST_NOTE} value={value.value} onInput={(event) => (value.value = event.currentTarget.value)} />
    </div>
  );
}
