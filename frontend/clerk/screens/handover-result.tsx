/** After the code: the driver has the parcels, or the clerk has said so. */
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { parcels } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { ArrivingDriver } from "../api";
import type { Handover } from "../handover";
import { parcelSum } from "../lists";
import { ProblemBanner, ScreenTitle } from "../parts/pieces";
import { go } from "../route";

export function HandoverResult({ run, handover, isConfirmed }: { run: ArrivingDriver; handover: Handover; isConfirmed: boolean }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isKept, setKept] = useState(false);
  useEffect(() => {
    void handover.give().then((outcome) => {
      setProblem(outcome.status === "refused" ? outcome.problem : null);
      setKept(outcome.status === "queued");
    });
  }, []);
  const count = parcelSum(handover.deliveries);
  const name = run.driver.first_name;
  return (
    <main class="result-screen" data-confirmed={isConfirmed} id="app-main">
      <div class="stack result-words" role="status">
        <p class="result-mark" aria-hidden="true">{isConfirmed ? "✓" : "…"}</p>
        <ScreenTitle>
          {isConfirmed
            ? tn("{name} has {n} of {n} parcel", "{name} has {n} of {n} parcels", count, { name })
            : t("You gave {parcels} to {name}", { parcels: parcels(count), name })}
        </ScreenTitle>
        <p class="lead">
          {isConfirmed
            ? t("The driver's phone and this tablet agree. Nothing more is to do.")
            : t("{name}'s phone has not confirmed it yet. It does so by itself when it has signal.", { name })}
        </p>
        {isKept && <p class="lead">{t("Your statement is kept on this tablet until there is a connection.")}</p>}
      </div>
      {problem && !isConfirmed && <ProblemBanner problem={problem} />}
      <button type="button" class="button button-wide result-done" onClick={() => go({ screen: "board" })}>{t("Done")}</button>
    </main>
  );
}
