/** At the door: the customer's PIN. */
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t, tn } from "../../lib/i18n";
import type { DropoffStop, Run } from "../api";
import { PIN_DIGITS, pinOf } from "../entry";
import { goHome } from "../navigation";
import { Action } from "../parts/button";
import { useApp } from "../parts/context";
import { useOutcome } from "../parts/outcome";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { WayButton } from "../parts/stop-bar";
import { live, progressOf, say } from "../state";
import { pinTriesLeft } from "../steps";

export function PinScreen({ stop, run }: { stop: DropoffStop; run: Run }) {
  const { commands, live: liveState } = useApp();
  const { problem, take } = useOutcome();
  const pin = useSignal("");
  const error = useSignal("");
  const input = useRef<HTMLInputElement>(null);
  const isOffline = useComputed(() => live.value.freshness === "offline");
  const name = stop.delivery.recipient_first_name;
  // The refusal says it before the state does.
  const isLocked = stop.delivery.pin_tries_left === 0 || problem.value?.code === "pin_locked";
  const left = isOffline.value ? pinTriesLeft(stop.delivery, progressOf(stop).mark) : stop.delivery.pin_tries_left;
  const tries = isLocked ? 0 : left;

  // After the frame's title, so that the keypad opens and the title is still what the page is called.
  useEffect(() => input.current?.focus(), []);

  async function send(): Promise<void> {
    error.value = pin.value.length < PIN_DIGITS ? t("The PIN has six digits.") : "";
    if (error.value) return input.current?.focus();
    const outcome = await commands.deliver(stop, run, { kind: "pin", pin: pin.value });
    if (outcome.status === "queued") say(t("The PIN is noted on this phone. It will be checked when there is signal."));
    else take(outcome, t("Delivered to {name}", { name }));
    if (outcome.status !== "refused") return goHome();
    pin.value = "";
    // The wrong try was counted there.
    await liveState.refresh();
    input.current?.focus();
  }

  const bar =
    tries > 0 ? (
      <Action name="send-pin" type="submit" busy={t("Checking the PIN")} onTap={send}>
        {t("Deliver with this PIN")}
      </Action>
    ) : (
      <WayButton stop={stop} way="photo" isMain />
    );
  return (
    <Screen title={isLocked ? t("{name}’s PIN is locked", { name }) : t("Enter {name}’s PIN", { name })} parent={{ name: "stop", stopId: stop.id, page: "here" }} bar={bar}>
      {problem.value && !isLocked && <ProblemBanner problem={problem.value} isAlert />}
      {tries > 0 ? (
        <form class="field" onSubmit={(event) => (event.preventDefault(), void send())}>
          <label for="pin">{t("Six digits from the customer’s tracking page")}</label>
          <input
            ref={input}
            id="pin"
            class="digits"
            inputMode="numeric"
            autocomplete="off"
            enterkeyhint="done"
            aria-describedby="pin-hint pin-error"
            aria-invalid={error.value !== ""}
            value={pin.value}
            onInput={(event) => (pin.value = event.currentTarget.value = pinOf(event.currentTarget.value))}
          />
          <p id="pin-hint" class="hint">
            {tn("{n} try left", "{n} tries left", tries)}
            {isOffline.value && ` · ${t("Offline: it will be checked when there is signal.")}`}
          </p>
          <p id="pin-error" role="alert">{error.value && <span class="field-error">{error.value}</span>}</p>
        </form>
      ) : (
        <p>{isLocked ? t("It was wrong five times. Take a photo instead; the dispatcher knows.") : t("Three PINs wait to be checked; more cannot be entered without signal. Take a photo instead.")}</p>
      )}
      <WayButton stop={stop} way="code" />
    </Screen>
  );
}
