/** The form for the driver's instructions: saved without leaving the page, never overwritten while somebody types. DOM. */
import type { Problem } from "../lib/api";
import { t } from "../lib/i18n";
import type { TrackingState } from "./api";
import { part, reveal, say } from "../lib/hooks";
import { type Saver, type Wish, isSame } from "./saving";

export interface InstructionsForm {
  paint(state: TrackingState): void;
  /** The server answers: what could not be saved before is sent again. */
  online(): void;
}

export interface Told {
  /** Gets the state that came with the answer. */
  onSaved: (state: TrackingState) => void;
  /** Nobody answered: find out whether there is a connection at all. */
  onUnanswered: () => void;
}

/** Take over the server's form, drawn for `drawn`. */
export function createInstructionsForm(drawn: Wish, saver: Saver, { onSaved, onUnanswered }: Told): InstructionsForm {
  const form = part<HTMLFormElement>("instructions-form");
  const text = part<HTMLTextAreaElement>("instructions");
  const leave = part<HTMLInputElement>("leave-at-door");
  const button = part<HTMLButtonElement>("save");
  // Not what the form holds: the server gives back what it could not save.
  let shown: Wish = { instructions: drawn.instructions.trim(), leave_at_door: drawn.leave_at_door };
  let isSaving = false;
  /** Tapped and not answered: sent again by itself, unless something else is typed. */
  let isWaiting = false;

  function wish(): Wish {
    return { instructions: text.value.trim(), leave_at_door: leave.checked };
  }

  function fill(state: TrackingState): void {
    text.value = state.instructions;
    leave.checked = state.leave_at_door;
    shown = wish();
  }

  async function save(): Promise<void> {
    if (isSaving) return;
    isSaving = true;
    isWaiting = false;
    button.setAttribute("aria-disabled", "true");
    say("form-status", t("Saving…"));
    const wished = wish();
    const saved = await saver(wished);
    isSaving = false;
    button.removeAttribute("aria-disabled");
    if ("problem" in saved) {
      isWaiting = saved.isUnanswered && isSame(wish(), wished);
      say("form-status", isWaiting ? t("Not saved yet: there is no connection. It is sent by itself while this page is open.") : `${t("Not saved.")} ${wordsOf(saved.problem)}`);
      if (isWaiting) onUnanswered();
      return;
    }
    shown = wished;
    onSaved(saved.state);
    say("form-status", t("Saved. The driver will see it."));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void save();
  });
  for (const field of [text, leave]) field.addEventListener("input", () => {
    isWaiting = false;
    say("form-status", "");
  });

  return {
    paint(state) {
      const isTouched = isSaving || !isSame(wish(), shown);
      if (!isTouched) fill(state);
      reveal("wishes", !state.is_final || isTouched);
      // What was typed and not saved stays readable when it is too late to save it.
      reveal("instructions-form", state.can_change || isTouched);
      reveal("instructions-read", !state.can_change && !isTouched);
      say("instructions-text", state.instructions || t("None"));
      reveal("leave-text", state.leave_at_door && state.can_leave);
      reveal("may-leave", state.can_leave);
      reveal("may-not-leave", !state.can_leave);
      button.hidden = !state.can_change;
      text.readOnly = !state.can_change;
      leave.disabled = !state.can_change;
      if (!state.can_change) isWaiting = false;
      if (!state.can_change && isTouched) say("form-status", t("Not saved. The driver is at the door already: say it there."));
    },
    online() {
      if (isWaiting) void save();
    },
  };
}

function wordsOf({ detail, next_step, errors }: Problem): string {
  return [detail, ...(errors ?? []).map((error) => error.msg), next_step].join(" ");
}
