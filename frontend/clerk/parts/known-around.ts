/** Known addresses near where the clerk looks. Without a connection the map shows those that came before. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Point } from "../../lib/api";
import type { PlaceHit } from "../api";
import { useDesk } from "../desk";

const ASK_AFTER_MS = 300;
/** About a hundred metres: nearer points have the same neighbours, and less of the customer's place is asked about. */
const DECIMALS = 3;

export type Known = Point & { label: string };

/** `all` is every address so far, as state; `current` is the same for callbacks. */
export function useKnownAround(point: Point): { all: readonly Known[]; current: readonly Known[] } {
  const desk = useDesk();
  const [all, setAll] = useState<readonly Known[]>([]);
  const found = useRef(new Map<string, Known>());
  const [lat, lon] = [point.lat.toFixed(DECIMALS), point.lon.toFixed(DECIMALS)];

  useEffect(
    () =>
      desk.clock.after(ASK_AFTER_MS, () => {
        void desk.http.get<PlaceHit[]>(`/places/around?lat=${lat}&lon=${lon}`).then((answer) => {
          if (answer.status !== "fresh") return;
          for (const hit of answer.value) found.current.set(hit.street, { lat: hit.lat, lon: hit.lon, label: hit.street });
          setAll([...found.current.values()]);
        });
      }),
    [lat, lon],
  );
  return { all, get current() { return [...found.current.values()]; } };
}
