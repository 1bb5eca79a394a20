/** Messages to a locked phone: what they are for, and turning them on and off. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../lib/i18n";
import type { DriverState } from "../api";
import { type Pushing, pushingOf, turnOff, turnOn } from "../pushing";
import { say } from "../state";
import { Action } from "./button";
import { useApp } from "./context";
import { useOutcome } from "./outcome";
import { ProblemBanner } from "./problem";

export function PushCard({ me }: { me: DriverState["me"] }) {
  const { commands } = useApp();
  const { problem, take } = useOutcome();
  const pushing = useSignal<Pushing | null>(null);
  const isUnreachable = useSignal(false);
  useEffect(() => {
    const look = (): void => void pushingOf(me).then((found) => (pushing.value = found));
    look();
    // Whoever allows it in the browser's settings comes back to this page.
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [me.id]);

  const on = async (): Promise<void> => {
    const came = await turnOn(me, commands);
    isUnreachable.value = came === "unreachable";
    if (typeof came === "object") return void take(came);
    pushing.value = await pushingOf(me);
    if (came === "on") say(t("This phone tells you of new runs now"), "go");
  };
  const off = async (): Promise<void> => {
    await turnOff(commands);
    pushing.value = await pushingOf(me);
    say(t("This phone tells you of new runs no more while it is locked"));
  };
  switch (pushing.value) {
    case "off":
      return (
        <Card>
          <p class="muted">{t("It then also says when a run is yours and when your claim is about to end. It never shows a customer's name or address.")}</p>
          {isUnreachable.value && <p class="banner" data-tone="warn" role="alert">{t("The browser's message service cannot be reached just now. Try again later.")}</p>}
          {problem.value && <ProblemBanner problem={problem.value} isAlert />}
          <Action name="pushes-on" tone="plain" busy={t("Turning on")} onTap={on}>
            {t("Turn on")}
          </Action>
        </Card>
      );
    case "on":
      return (
        <Card>
          <p>{t("This phone tells you of new runs, also while it is locked.")}</p>
          <Action name="pushes-off" tone="plain" busy={t("Turning off")} onTap={off}>
            {t("Turn off")}
          </Action>
        </Card>
      );
    case "blocked":
      return (
        <Card>
          <p>{t("Messages are blocked for this page. Allow notifications for it in the browser's settings, then come back.")}</p>
        </Card>
      );
    case "install":
      return (
        <Card>
          <p>{t("On an iPhone this works once Mallrun is on the home screen.")}</p>
        </Card>
      );
    default:
      return null;
  }
}

function Card({ children }: { children: ComponentChildren }) {
  return (
    <section class="card stack stack-tight" aria-labelledby="pushes-title" data-part="pushes">
      <h2 id="pushes-title">{t("Hear of new runs with the phone locked")}</h2>
      {children}
    </section>
  );
}
