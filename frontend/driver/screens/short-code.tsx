/** The typed fallback of a scan: six characters from the tablet, a weaker evidence that always works. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t, tn } from "../../lib/i18n";
import type { PickupStop, ReturnStop, Run } from "../api";
import { SHORT_CODE_CHARACTERS, shortCodeOf } from "../entry";
import { goHome } from "../navigation";
import { Action } from "../parts/button";
import { useApp } from "../parts/context";
import { useOutcome } from "../parts/outcome";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { hrefOf } from "../route";
import { state } from "../state";
import { countParcels } from "../steps";

export function ShortCodeScreen({ stop, run }: { stop: PickupStop | ReturnStop; run: Run }) {
  const { commands } = useApp();
  const { problem, take } = useOutcome();
  const typed = useSignal("");
  const error = useSignal("");
  const input = useRef<HTMLInputElement>(null);

  // After the frame's title, as for a PIN: the code on the tablet lives for seconds.
  useEffect(() => input.current?.focus(), []);

  async function send(): Promise<void> {
    const text = shortCodeOf(typed.value);
    error.value = text.length < SHORT_CODE_CHARACTERS ? t("The code has six characters, digits and letters without U.") : "";
    if (error.value) return input.current?.focus();
    const outcome = stop.kind === "pickup" ? await commands.collect(stop, run, { kind: "short_code", text }) : await commands.giveBack(stop, run, text);
    if (take(outcome, doneText(stop))) return goHome();
    // Another code stands there by now.
    input.current?.focus();
    input.current?.select();
  }

  const bar = (
    <Action name="send-code" type="submit" busy={t("Checking the code")} onTap={send}>
      {stop.kind === "pickup" ? t("Collect with this code") : t("Give back with this code")}
    </Action>
  );
  return (
    <Screen title={t("Type the short code")} parent={{ name: "stop", stopId: stop.id, page: "here" }} bar={bar}>
      {problem.value && <ProblemBanner problem={problem.value} isAlert />}
      <form class="field" onSubmit={(event) => (event.preventDefault(), void send())}>
        <label for="short-code">{t("Six characters below the code on {store}’s tablet", { store: stop.store.name })}</label>
        <input
          ref={input}
          id="short-code"
          class="digits"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          enterkeyhint="done"
          aria-describedby="short-code-hint short-code-error"
          aria-invalid={error.value !== ""}
          value={typed.value}
          onInput={(event) => (typed.value = event.currentTarget.value)}
        />
        <p id="short-code-hint" class="hint">{t("They change every 15 seconds. Small and large letters count the same.")}</p>
        <p id="short-code-error" role="alert">{error.value && <span class="field-error">{error.value}</span>}</p>
      </form>
      {stop.kind === "pickup" && (
        <a class="button button-quiet" data-action="assert" href={hrefOf({ name: "stop", stopId: stop.id, page: "assert" })}>
          {t("There is no code to type")}
        </a>
      )}
    </Screen>
  );
}

/** Read from the state that came with the answer: a code may stand for only some of the parcels. */
function doneText(stop: PickupStop | ReturnStop): string {
  if (stop.kind === "return") return t("Given back at {store}", { store: stop.store.name });
  const fresh = state.value?.run?.stops.find(({ id }) => id === stop.id);
  const deliveries = (fresh?.kind === "pickup" ? fresh : stop).deliveries.filter(({ status }) => status !== "cancelled");
  const count = countParcels(deliveries.filter(({ verification }) => verification !== null));
  return tn("Collected {count} of {n} parcel at {store}", "Collected {count} of {n} parcels at {store}", countParcels(deliveries), { count, store: stop.store.name });
}
