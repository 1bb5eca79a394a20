/** Locks the tablet when nobody touches it, with a warning that any touch takes away. */
import type { ComponentChildren } from "preact";
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { t, tn } from "../../lib/i18n";
import { useDesk } from "../desk";
import { createIdleWatch, type IdleWatch } from "../idle";
import { reportActivity } from "../session";

const IdleContext = createContext<IdleWatch | null>(null);
/** `scroll` does not bubble, and a finger that scrolls also presses: these three are enough. */
const TOUCHES = ["pointerdown", "keydown", "wheel"] as const;

export function IdleGuard({ idleMs, children }: { idleMs: number; children: ComponentChildren }) {
  const desk = useDesk();
  const [secondsLeft, setSecondsLeft] = useState<number | null>(null);
  const [watch, setWatch] = useState<IdleWatch | null>(null);
  useEffect(() => {
    const made = createIdleWatch({
      clock: desk.clock,
      idleMs,
      onWarning: setSecondsLeft,
      onIdle: () => void desk.session.lock(),
      onActivity: () => reportActivity(desk),
    });
    for (const type of TOUCHES) addEventListener(type, made.touch, { passive: true, capture: true });
    setWatch(made);
    return () => {
      for (const type of TOUCHES) removeEventListener(type, made.touch, { capture: true });
      made.stop();
    };
  }, [idleMs]);
  return (
    <IdleContext.Provider value={watch}>
      {children}
      {secondsLeft !== null && (
        <div class="idle-warning" role="alertdialog" aria-labelledby="idle-title">
          <p class="strong" id="idle-title">{t("Still there?")}</p>
          <p>{tn("The tablet locks in {n} second. Touch it to go on.", "The tablet locks in {n} seconds. Touch it to go on.", secondsLeft)}</p>
        </div>
      )}
    </IdleContext.Provider>
  );
}

/** While the calling screen is open it counts as use: a driver's camera looks at it, and nobody touches it. */
export function useHeldAwake(isHeld: boolean): void {
  const watch = useContext(IdleContext);
  useEffect(() => (isHeld ? watch?.hold() : undefined), [watch, isHeld]);
}
