/** A way to reach somebody, for whom the place of the run or of duty has a number. It is in the state, so also without signal. */
import { state } from "../state";
import { Questions } from "./beside";

export function Call({ about }: { about?: string }) {
  const number = state.value?.dispatcher_phone;
  return number ? <Questions>{({ CallLink }) => <CallLink number={number} about={about} />}</Questions> : null;
}
