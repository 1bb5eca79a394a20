/** A refusal in words: what happened, why, what to do now; the stable code small below it. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { t } from "../../lib/i18n";
import { Call } from "./call";

interface ProblemBannerProps {
  problem: Problem;
  tone?: "stop" | "warn";
  /** Read out at once and brought into sight; leave out for what stands there from the start. */
  isAlert?: boolean;
  children?: ComponentChildren;
}

export function ProblemBanner({ problem, tone = "stop", isAlert = false, children }: ProblemBannerProps) {
  const box = useRef<HTMLDivElement>(null);
  // It stands at the top, and the button may have been far below.
  useEffect(() => {
    if (isAlert) box.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <div ref={box} class="banner" data-tone={tone} data-problem={problem.code} role={isAlert ? "alert" : undefined}>
      <p>{problem.title}</p>
      <p>
        {problem.detail} {problem.next_step}
      </p>
      {children}
      <Call about={problem.code} />
      <p class="code">
        {t("Code for support:")} {problem.code}
      </p>
    </div>
  );
}
