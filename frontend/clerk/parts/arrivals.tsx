/** Says who has come to the counter, in words and with a short tone: the clerk may be typing, or look at the shelf. */
import { useEffect, useRef } from "preact/hooks";
import { tn } from "../../lib/i18n";
import type { DeskState } from "../api";
import { say, useDesk, useDeskState } from "../desk";
import { newlyHere } from "../lists";
import { feedback } from "./feedback";

/** Stands behind the lock: nobody's name is said at a locked tablet. */
export function Arrivals() {
  const desk = useDesk();
  const state = useDeskState();
  const before = useRef<DeskState | null>(null);
  useEffect(() => {
    const names = before.current ? newlyHere(before.current, state) : [];
    before.current = state;
    if (names.length === 0) return;
    say(desk, tn("{names} is at the counter.", "{names} are at the counter.", names.length, { names: names.join(", ") }));
    feedback.prepare();
    feedback.good();
  }, [state]);
  return null;
}
