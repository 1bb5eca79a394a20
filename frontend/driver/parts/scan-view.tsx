/** The full-screen scanner: picture, lamp, zoom, and what the last code was. The way to type is always on the screen. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { t } from "../../lib/i18n";
import { problemFor } from "../../lib/problems";
import type { Scanner } from "../../lib/scanner";
import { announcement } from "../state";
import { feedback } from "./feedback";
import { ProblemBanner } from "./problem";
import { ZoomControl } from "./zoom";

/** A problem is shown while the scanner goes on · go_on: it was good, and more may come · done: nothing more is looked for. */
export type Verdict = Problem | "go_on" | "done";

interface ScanViewProps {
  title: string;
  hint: string;
  /** Judge a text that was read. */
  onText: (text: string) => Promise<Verdict>;
  onClose: () => void;
  /** Other ways, such as typing the short code. */
  children: ComponentChildren;
}

/** The same code in the picture is not announced again before this time. */
const REPEAT_AFTER_MS = 10_000;

export function ScanView({ title, hint, onText, onClose, children }: ScanViewProps) {
  const video = useRef<HTMLVideoElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const scanner = useRef<Scanner | null>(null);
  const judge = useRef(onText);
  judge.current = onText;
  const problem = useSignal<Problem | null>(null);
  const fault = useSignal<Problem | null>(null);
  const isChecking = useSignal(false);
  const stream = useSignal<MediaStream | null>(null);
  const hasTorch = useSignal(false);
  const torch = useSignal(false);

  useEffect(() => {
    let isGone = false;
    let before = { text: "", at: 0 };
    const read = async (text: string): Promise<void> => {
      if (isChecking.value || (text === before.text && performance.now() - before.at < REPEAT_AFTER_MS)) return;
      scanner.current?.pause();
      isChecking.value = true;
      const found = await judge.current(text);
      isChecking.value = false;
      const isGood = found === "done" || found === "go_on";
      problem.value = isGood ? null : found;
      if (isGood) feedback.good();
      else feedback.bad();
      if (found === "done") return;
      before = { text, at: performance.now() };
      scanner.current?.resume();
    };
    const begin = async (): Promise<void> => {
      const { startScanner } = await import("../../lib/scanner");
      if (isGone) return;
      scanner.current = startScanner({
        video: video.current!,
        onText: (text) => void read(text),
        onFault: (code) => (fault.value = problemFor(code)),
        onReady: (ready) => {
          fault.value = null;
          hasTorch.value = ready.hasTorch();
          stream.value = video.current?.srcObject as MediaStream | null;
        },
      });
    };
    announcement.value = null;
    heading.current?.focus();
    // Not loaded and no signal: typing is the way on, as without a camera.
    begin().catch(() => (fault.value = problemFor("camera_missing")));
    return () => {
      isGone = true;
      scanner.current?.close();
    };
  }, []);

  const switchTorch = (): void => {
    torch.value = !torch.value;
    void scanner.current?.setTorch(torch.value);
  };

  return (
    <div class="scan" data-scan={isChecking.value ? "checking" : "looking"}>
      <video ref={video} class="scan-picture" muted playsInline aria-hidden="true" />
      {!fault.value && <div class="scan-frame" aria-hidden="true" />}
      <div class="scan-top">
        <button type="button" class="button" data-action="back" onClick={onClose}>
          {t("Back")}
        </button>
        {hasTorch.value && (
          <button type="button" class="button" data-action="torch" aria-pressed={torch.value} onClick={switchTorch}>
            {torch.value ? t("Light off") : t("Light on")}
          </button>
        )}
        <ZoomControl stream={stream.value} />
      </div>
      <div class="scan-foot stack">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <div aria-live="assertive">
          {fault.value ? <ProblemBanner problem={fault.value} /> : problem.value ? <ProblemBanner problem={problem.value} /> : null}
        </div>
        {!fault.value && <p role="status">{isChecking.value ? t("Checking the code") : hint}</p>}
        {children}
      </div>
    </div>
  );
}
