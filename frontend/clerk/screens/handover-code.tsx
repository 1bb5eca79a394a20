/** The code that a driver scans: the whole screen, white, with nothing beside it that moves but the countdown. */
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { parcels } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { QrDrawing } from "../../lib/qr";
import { keepAwake } from "../../lib/wakelock";
import type { ArrivingDriver } from "../api";
import { useDeskState } from "../desk";
import { CountdownRing } from "../parts/countdown-ring";
import type { Handover } from "../handover";
import { HandoverFault } from "../parts/handover-fault";
import { parcelSum } from "../lists";
import { DriverPhoto, ProblemBanner, ScreenTitle } from "../parts/pieces";
import { addressOf } from "../route";
import { DELIVERIES_PER_CODE, SHOWN_FOR_MS } from "../release-code";

interface Props {
  run: ArrivingDriver;
  handover: Handover;
  /** What the server knows to be with the driver already. */
  taken: ReadonlySet<string>;
  onBack: () => void;
  onGiven: () => void;
}

export function HandoverCode({ run, handover, taken, onBack, onGiven }: Props) {
  useEffect(() => keepAwake(), []);
  const isHub = useDeskState().store.site_kind === "hub";
  const turn = handover.turn.value;
  const shown = handover.deliveries.slice(turn * DELIVERIES_PER_CODE, (turn + 1) * DELIVERIES_PER_CODE);
  const isTurnTaken = shown.every(({ id }) => taken.has(id));
  useEffect(() => {
    if (isTurnTaken && turn + 1 < handover.codeCount) handover.show(turn + 1);
  }, [isTurnTaken]);
  const isScannable = run.driver.kid !== 0;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function give(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    const refusal = await handover.give();
    setBusy(false);
    // "Given" is only shown once it is on the tablet's disk.
    if (refusal) setProblem(refusal);
    else onGiven();
  }

  return (
    <main class="code-screen" id="app-main">
      <header class="code-head">
        <DriverPhoto driver={run.driver} />
        <div class="grow">
          <ScreenTitle>{t("For {name}", { name: run.driver.first_name })}</ScreenTitle>
          <p class="muted">{run.driver.vehicle}</p>
        </div>
        <div class="code-what">
          <p class="code-count">{parcels(parcelSum(shown))}</p>
          <p class="muted">{shown.map(({ recipient_first_name: name, parcel_count: n }) => (n > 1 ? `${name} (${n})` : name)).join(", ")}</p>
        </div>
      </header>
      {handover.fault.value ? <div class="code-fault"><HandoverFault fault={handover.fault.value} /></div> : (
        <div class="code-body">
          {isScannable ? <ReleaseQr handover={handover} /> : (
            <p class="banner code-note" data-tone="warn">
              {t("{name}'s phone cannot scan codes yet. Read these six characters out, or let {name} type them.", { name: run.driver.first_name })}
            </p>
          )}
          <div class="code-side">
            {handover.codeCount > 1 && <Turns handover={handover} />}
            <ShortCode handover={handover} />
            <CountdownRing seconds={handover.seconds.value} total={SHOWN_FOR_MS / 1_000} />
            {isScannable && <p class="muted small">{t("If scanning fails, turn the screen to full brightness.")}</p>}
            {isScannable && isHub && handover.code.value && (
              <a class="button" href={`/driver/#take=${encodeURIComponent(handover.code.value.token)}`} target="mallrun-driver">
                {t("I am {name}: take them on this phone", { name: run.driver.first_name })}
              </a>
            )}
            {isScannable && <a class="button button-quiet button-small" href={addressOf({ screen: "meet", id: run.run_id })}>{t("Scan {name}'s phone instead", { name: run.driver.first_name })}</a>}
          </div>
        </div>
      )}
      <footer class="code-foot">
        {problem && <ProblemBanner problem={problem} />}
        <button type="button" class="button" onClick={onBack}>{t("Back")}</button>
        <button type="button" class="button button-primary grow" aria-disabled={isBusy} onClick={() => void give()}>
          {t("Given: {name} has {parcels}", { name: run.driver.first_name, parcels: parcels(parcelSum(handover.deliveries)) })}
        </button>
      </footer>
    </main>
  );
}

function ReleaseQr({ handover }: { handover: Handover }) {
  const token = handover.code.value?.token;
  const [drawing, setDrawing] = useState<QrDrawing | null>(null);
  useEffect(() => {
    let isOld = false;
    if (token) void import("../../lib/qr").then(({ drawQr }) => isOld || setDrawing(drawQr(token)), () => undefined);
    else setDrawing(null);
    return () => {
      isOld = true;
    };
  }, [token]);
  if (!drawing) return <div class="qr code-qr skeleton" />;
  return (
    <svg class="qr code-qr" viewBox={drawing.viewBox} role="img" aria-label={t("Code for the driver's phone")} data-release-qr>
      <path d={drawing.path} />
    </svg>
  );
}

function ShortCode({ handover }: { handover: Handover }) {
  const code = handover.code.value;
  return (
    <div class="short-code">
      <p class="muted">{t("or type")}</p>
      <p class="short-code-text" data-short-code>{code ? code.shortCode : "······"}</p>
      {!handover.isShortCodeKnown.value && <p class="code-note" role="status">{t("The short code works only with signal, and there is none now.")}</p>}
    </div>
  );
}

/** Steps through the codes of a large handover. */
function Turns({ handover }: { handover: Handover }) {
  const turn = handover.turn.value;
  return (
    <div class="row turns">
      <button type="button" class="button button-small" disabled={turn === 0} onClick={() => handover.show(turn - 1)}>{t("Code before")}</button>
      <strong>{t("Code {n} of {count}", { n: turn + 1, count: handover.codeCount })}</strong>
      <button type="button" class="button button-small" disabled={turn + 1 === handover.codeCount} onClick={() => handover.show(turn + 1)}>{t("Next code")}</button>
    </div>
  );
}
