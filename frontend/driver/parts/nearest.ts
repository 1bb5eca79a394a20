/** Where the phone is: asked at once when the person has allowed it before, else on their tap. */
import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Point } from "../../lib/api";
import { askHere, mayAskHere } from "../here";
import { fix } from "../state";

export function useNearest() {
  const asked = useSignal<(Point & { accuracy_m: number }) | null>(null);
  const isRefused = useSignal(false);
  const place = useComputed(() => asked.value ?? fix.value);
  const ask = (): Promise<void> =>
    askHere().then((found) => {
      asked.value = found;
      isRefused.value = found === null;
    });
  useEffect(() => {
    void mayAskHere().then((may) => (may ? ask() : undefined));
  }, []);
  return { place, isRefused, ask, told: () => asked.value };
}
