/** Buttons that wait for their own work. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";

interface ActionProps {
  /** A hook for tests and screen readers' stable order: `data-action`. */
  name: string;
  children: ComponentChildren;
  /** Said while the work goes on. */
  busy: string;
  onTap: () => Promise<unknown> | void;
  tone?: "primary" | "stop" | "plain" | "quiet";
  isWide?: boolean;
  isDisabled?: boolean;
  type?: "button" | "submit";
  /** Id of the words that say why it is disabled. */
  describedBy?: string;
}

/** A button that cannot be tapped twice: while its work goes on it keeps the focus and says so. */
export function Action({ name, children, busy, onTap, tone = "primary", isWide = false, isDisabled = false, type = "button", describedBy }: ActionProps) {
  const isBusy = useSignal(false);
  const tap = async (): Promise<void> => {
    if (isBusy.value || isDisabled) return;
    isBusy.value = true;
    try {
      await onTap();
    } finally {
      isBusy.value = false;
    }
  };
  const classes = ["button", tone === "plain" ? "" : `button-${tone}`, isWide ? "button-wide" : ""].filter(Boolean).join(" ");
  const submits = type === "submit";
  return (
    <button
      type={type}
      class={classes}
      data-action={name}
      aria-describedby={describedBy}
      aria-disabled={isBusy.value || isDisabled}
      onClick={(event) => {
        // A form's own checks and the return key arrive here as well.
        if (submits) event.preventDefault();
        void tap();
      }}
    >
      {isBusy.value && <span class="spinner" aria-hidden="true" />}
      {isBusy.value ? busy : children}
    </button>
  );
}
