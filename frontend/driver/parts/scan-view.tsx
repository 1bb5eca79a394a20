/** The full-screen scanner: picture, lamp, zoom, and what the last code was. The way to type is always on the screen. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { t } from "../../lib/i18n";
import { problemFor } from "../../scan/problems";
import { ZoomSlider } from "../../scan/camera-controls";
import { useScanner } from "../../scan/use-scanner";
import { CameraView } from "./camera-view";
import { feedback } from "./feedback";
import { ProblemBanner } from "./problem";

/** A problem is shown while the scanner goes on · go_on: it was good, and more may come · done: nothing more is looked for. */
export type Verdict = Problem | "go_on" | "done";

interface ScanViewProps {
  title: string;
  hint: string;
  /** Judge a text that was read. */
  onText: (text: string) => Promise<Verdict>;
  onClose: () => void;
  /** Judged before anything is scanned. */
  first?: string | null;
  /** Other ways, such as typing the short code. */
  children: ComponentChildren;
}

/** Whoever has aimed for so long without a result is told what helps. */
const NOTHING_READ_MS = 8_000;
/** The same code in the picture is not announced again before this time. */
const REPEAT_AFTER_MS = 10_000;

export function ScanView({ title, hint, onText, onClose, first = null, children }: ScanViewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef({ text: "", at: 0 });
  const problem = useSignal<Problem | null>(null);
  const isChecking = useSignal(false);
  const isNothingRead = useSignal(false);
  const { video, filler: scanner, status, camera, retry } = useScanner((text) => void read(text));
  const isFaulty = status !== "opening" && status !== "running";

  async function read(text: string): Promise<void> {
    const wasJust = text === before.current.text && performance.now() - before.current.at < REPEAT_AFTER_MS;
    if (isChecking.value || wasJust) return;
    scanner.current?.pause();
    isChecking.value = true;
    const found = await onText(text);
    isChecking.value = false;
    const isGood = found === "done" || found === "go_on";
    problem.value = isGood ? null : found;
    if (isGood) feedback.good();
    else feedback.bad();
    if (found === "done") return;
    before.current = { text, at: performance.now() };
    scanner.current?.resume();
  }

  useLayoutEffect(() => {
    if (first !== null) void read(first);
  }, []);

  // Anew with each thing said: a code that was read and refused is no camera that sees nothing.
  useEffect(() => {
    isNothingRead.value = false;
    if (status !== "running") return undefined;
    const telling = setTimeout(() => (isNothingRead.value = true), NOTHING_READ_MS);
    return () => clearTimeout(telling);
  }, [status, problem.value, hint]);

  const tryAgain = (): void => {
    // The button goes with the fault.
    heading.current?.focus();
    retry();
  };
  const shown = isFaulty ? problemFor(status) : problem.value;
  const words = isChecking.value ? t("Checking the code") : status === "opening" ? t("Opening the camera. Allow it if the browser asks.") : isNothingRead.value && !problem.value ? t("Nothing was read yet. Hold the phone still, a hand’s length away, without glare on the code.") : hint;
  return (
    <CameraView title={title} heading={heading} look={isFaulty ? "fault" : status === "opening" ? "opening" : isChecking.value ? "checking" : "looking"} video={video} camera={camera} switches={<ZoomSlider camera={camera} />} onClose={onClose}>
      <div class="scan-said">
        <div aria-live="assertive">{shown && <ProblemBanner problem={shown} />}</div>
        {!isFaulty && <p role="status">{words}</p>}
      </div>
      {children}
      {isFaulty && status !== "insecure_page" && (
        <button type="button" class="button button-wide" data-action="retry" onClick={tryAgain}>
          {t("Try the camera again")}
        </button>
      )}
    </CameraView>
  );
}
