/** The desk while nobody is signed in: the shop, the time, how much waits, and ten large keys. */
import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { clockTime } from "../../lib/format";
import { t } from "../../lib/i18n";
import { problemFor } from "../../lib/problems";
import { useDesk, useDeskState } from "../desk";
import { Keypad } from "../parts/keypad";
import { LanguageChoice } from "../parts/language";
import { ProblemBanner, ScreenTitle } from "../parts/pieces";
import { StatusLine } from "../parts/status-line";

const DIGITS = 6;

export function LockedScreen() {
  const desk = useDesk();
  const { store, desk: counter, counts, sign_in_locked: isLockedThere } = useDeskState();
  const isAlone = desk.view.value.freshness === "offline";
  const lockCode = isLockedThere && !isAlone ? "desk_locked" : isAlone && desk.session.isOutOfTries.value ? "desk_locked_here" : null;
  return (
    <>
      <StatusLine />
      <main class="page locked" id="app-main">
        <div class="stack locked-about">
          <ScreenTitle>{store.name}</ScreenTitle>
          <p class="muted">{[counter.name, store.unit, store.floor, store.site_name].filter(Boolean).join(" · ")}</p>
          <p class="locked-time"><time>{clockTime(new Date(desk.now.value).toISOString(), store.timezone)}</time></p>
          <dl class="counts">
            <Count label={t("to pack")} value={counts.to_pack} />
            <Count label={t("ready")} value={counts.ready} />
            <Count label={t("drivers coming")} value={counts.arriving} />
          </dl>
          <LanguageChoice />
        </div>
        <div class="card stack locked-entry">
          {lockCode ? <SignInLocked code={lockCode} /> : <CodeEntry />}
        </div>
      </main>
    </>
  );
}

function Count({ label, value }: { label: string; value: number }) {
  return <div><dt>{label}</dt><dd class="number">{value}</dd></div>;
}

function SignInLocked({ code }: { code: "desk_locked" | "desk_locked_here" }) {
  const desk = useDesk();
  return (
    <>
      <ProblemBanner problem={problemFor(code)} />
      <button type="button" class="button button-wide" onClick={() => void desk.live.refresh()}>{t("Check again")}</button>
    </>
  );
}

function CodeEntry() {
  const desk = useDesk();
  // Signals and not hook state: fast typing must not read what the last drawing saw.
  const digits = useSignal("");
  const isBusy = useSignal(false);
  const problem = useSignal<Problem | null>(desk.session.lockedBecause.value);

  async function enter(code: string): Promise<void> {
    isBusy.value = true;
    problem.value = await desk.session.signIn(code);
    if (!problem.value) return;
    digits.value = "";
    isBusy.value = false;
  }

  function press(key: string): void {
    if (isBusy.value) return;
    digits.value = key === "delete" ? digits.value.slice(0, -1) : digits.value + key;
    if (digits.value.length > 0) problem.value = null;
    if (digits.value.length === DIGITS) void enter(digits.value);
  }

  // Before the keys are painted: who sees them may type at once.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^\d$/.test(event.key)) press(event.key);
      else if (event.key === "Backspace") press("delete");
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);

  return (
    <>
      <h2>{t("Enter your code")}</h2>
      <p class="dots" aria-hidden="true">
        {Array.from({ length: DIGITS }, (_, at) => <span key={at} data-filled={at < digits.value.length} />)}
      </p>
      <p class="visually-hidden" role="status">
        {isBusy.value ? t("Checking the code") : t("{n} of 6 digits", { n: digits.value.length })}
      </p>
      <div class="entry-note">
        {problem.value
          ? <ProblemBanner problem={problem.value} />
          : <p class="muted">{t("Six digits that only you know. After five wrong codes a manager must unlock this desk.")}</p>}
      </div>
      <Keypad onKey={press} isBusy={isBusy.value} />
    </>
  );
}
