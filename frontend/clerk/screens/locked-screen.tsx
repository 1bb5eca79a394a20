/** The desk while nobody is signed in: the shop, the time, how much waits, and ten large keys. */
import { clockTime } from "../../lib/format";
import { t } from "../../lib/i18n";
import { useDesk, useDeskState } from "../desk";
import { LanguageChoice } from "../parts/language";
import { ProblemBanner, ScreenTitle } from "../parts/pieces";
import { SixDigits } from "../parts/six-digits";
import { StatusLine } from "../parts/status-line";
import { problemFor } from "../problems";

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
  return (
    <>
      <h2>{t("Enter your code")}</h2>
      <SixDigits
        onCode={(code) => desk.session.signIn(code)}
        first={desk.session.lockedBecause.value}
        note={t("Six digits that only you know. After five wrong codes a manager must unlock this desk.")}
      />
    </>
  );
}
