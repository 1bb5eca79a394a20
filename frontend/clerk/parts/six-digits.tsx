/** Entering six digits that stay hidden: by ten large keys, or by a keyboard. */
import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { t } from "../../lib/i18n";
import { Keypad } from "./keypad";
import { ProblemBanner } from "./pieces";

const DIGITS = 6;

interface Props {
  /** Takes the sixth digit as the end. Null when the code was taken, else why not; then the keys are free again. */
  onCode: (code: string) => Promise<Problem | null>;
  /** What is said while there is no problem. */
  note: string;
  /** A problem from before the first digit. */
  first?: Problem | null;
}

export function SixDigits({ onCode, note, first = null }: Props) {
  // Signals and not hook state: fast typing must not read what the last drawing saw.
  const digits = useSignal("");
  const isBusy = useSignal(false);
  const problem = useSignal<Problem | null>(first);

  async function enter(code: string): Promise<void> {
    isBusy.value = true;
    problem.value = await onCode(code);
    if (!problem.value) return;
    digits.value = "";
    isBusy.value = false;
  }

  function press(key: string): void {
    if (isBusy.value) return;
    digits.value = key === "delete" ? digits.value.slice(0, -1) : digits.value + key;
    if (digits.value.length > 0) problem.value = null;
    if (digits.value.length === DIGITS) void enter(digits.value);
  }

  // Before the keys are painted: who sees them may type at once.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^\d$/.test(event.key)) press(event.key);
      else if (event.key === "Backspace") press("delete");
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);

  return (
    <>
      <p class="dots" aria-hidden="true">
        {Array.from({ length: DIGITS }, (_, at) => <span key={at} data-filled={at < digits.value.length} />)}
      </p>
      <p class="visually-hidden" role="status">
        {isBusy.value ? t("Checking the code") : t("{n} of 6 digits", { n: digits.value.length })}
      </p>
      <div class="entry-note">
        {problem.value ? <ProblemBanner problem={problem.value} /> : <p class="muted">{note}</p>}
      </div>
      <Keypad onKey={press} isBusy={isBusy.value} />
    </>
  );
}
