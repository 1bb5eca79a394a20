/** A result said once; it goes by itself, or at a tap when it lies over what somebody wants. */
import { useEffect } from "preact/hooks";
import { announcement } from "../state";

const SHOWN_FOR_MS = 6_000;

export function Toast() {
  const said = announcement.value;
  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => {
      if (announcement.value === said) announcement.value = null;
    }, SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <div class="toasts" role="status">
      {said && (
        <p class="toast" data-tone={said.tone} onClick={() => (announcement.value = null)}>
          {said.text}
        </p>
      )}
    </div>
  );
}
