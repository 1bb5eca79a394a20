/** A tablet that is no desk yet: the code that a manager shows makes it one. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { t, tn } from "../../lib/i18n";
import { useDesk, say } from "../desk";
import { CodeScanner } from "../parts/code-scanner";
import { feedback } from "../parts/feedback";
import { ProblemBanner, ScreenTitle } from "../parts/pieces";
import { problemFor } from "../problems";
import { openedWithCode } from "../route";
import { enrolDesk, enrolmentCode } from "../session";

export function EnrolScreen() {
  const desk = useDesk();
  const [code, setCode] = useState(openedWithCode.value ?? "");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isScanning, setScanning] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const wasScanning = useRef(false);
  const isEnrolled = desk.view.value.state !== null && desk.view.value.problem?.status !== 401;
  const isSecure = globalThis.crypto?.subtle !== undefined;

  useEffect(() => {
    // The button that had the focus is gone: on opening the camera, on stopping it, and when it has read a code.
    const next = isScanning ? "[data-scan] button" : code ? "[data-action=enrol]" : "[data-action=scan]";
    if (isScanning || wasScanning.current) form.current?.querySelector<HTMLButtonElement>(next)?.focus();
    wasScanning.current = isScanning;
  }, [isScanning]);

  async function enrol(event: Event): Promise<void> {
    event.preventDefault();
    const wanted = enrolmentCode(code);
    if (isBusy || !wanted) return;
    setBusy(true);
    setProblem(null);
    const answer = await enrolDesk(desk, wanted).catch(() => ({ problem: problemFor("storage_full") }));
    setBusy(false);
    if ("problem" in answer) return setProblem(answer.problem);
    openedWithCode.value = null;
    say(desk, t("This tablet is now a desk of {store}.", { store: answer.value.state.store.name }));
  }

  function scanned(text: string): void {
    feedback.good();
    setScanning(false);
    setCode(enrolmentCode(text));
  }

  return (
    <main class="page page-narrow stack enrol" id="app-main">
      <ScreenTitle>{isEnrolled ? t("Enrol this tablet again") : t("Make this tablet a store's desk")}</ScreenTitle>
      <p class="lead">
        {t("A manager opens Desks on the manager page and shows a code. It works for 10 minutes and for one tablet.")}
      </p>
      {isEnrolled && (
        <p class="banner" data-tone="warn">
          {t("This tablet belongs to {store} now. A new code moves it or gives it a new key.", { store: desk.view.value.state!.store.name })}
        </p>
      )}
      {!isEnrolled && <KeptSteps />}
      {problem && <ProblemBanner problem={problem} />}
      {isSecure ? (
        <form class="card stack" ref={form} onSubmit={(event) => void enrol(event)}>
          <div class="field">
            <label for="enrol-code">{t("Enrolment code")}</label>
            <input id="enrol-code" class="code-text" value={code} maxLength={200} autocomplete="off" autocapitalize="characters"
              spellcheck={false} onInput={(event) => setCode(event.currentTarget.value)} aria-describedby="enrol-hint" />
            <p class="hint" id="enrol-hint">{t("Type the code, scan it, or open the manager's QR code on this tablet.")}</p>
          </div>
          <button class="button button-primary button-wide" data-action="enrol" aria-disabled={isBusy || !code.trim()}>
            {isBusy ? t("Asking the server…") : t("Enrol this tablet")}
          </button>
          {isScanning ? <CodeScanner onText={scanned} onClose={() => setScanning(false)} /> : (
            <button type="button" class="button button-wide" data-action="scan" onClick={() => setScanning(true)}>{t("Scan with the camera")}</button>
          )}
        </form>
      ) : <ProblemBanner problem={problemFor("insecure_page")} />}
      {isEnrolled && (
        <button type="button" class="button button-wide" onClick={() => {
          openedWithCode.value = null;
        }}>{t("Keep it as it is")}</button>
      )}
    </main>
  );
}

/** The desk was retired while steps waited here: they are kept, and go on their way once this tablet is a desk again. */
function KeptSteps() {
  const { unsent, ofOthers } = useDesk().kept.value;
  const count = unsent + ofOthers;
  if (count === 0) return null;
  return (
    <div class="banner" data-tone="warn" role="status">
      <p>{tn("{n} step is kept on this tablet", "{n} steps are kept on this tablet", count)}</p>
      <p>{t("The server does not take steps of this tablet any more: it was retired or replaced. Do not clear the browser's data. Enrol the tablet for the same store, and the steps are sent. A dispatcher looks at those made after it was retired.")}</p>
    </div>
  );
}
