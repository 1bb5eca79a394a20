/** After the code: the driver has the parcels, or the clerk has said so. What is said here is kept on the tablet already. */
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { parcels } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { DeskDelivery } from "../api";
import { useDesk } from "../desk";
import type { Handover } from "../handover";
import { parcelSum } from "../lists";
import { ProblemBanner, ScreenTitle } from "../parts/pieces";
import { go } from "../route";
import { evidenceWords } from "../words";

interface Props {
  /** The weakest evidence of what the server knows; null while it knows of nothing. */
  level?: DeskDelivery["verification"];
  /** Null when this tablet does not know the driver's name. */
  name: string | null;
  deliveries: readonly { parcel_count: number }[];
  answers: Handover["answers"]["value"];
  /** The server knows of the driver's own statement. */
  isConfirmed: boolean;
  /** Why the clerk's statement is not kept, although the driver's is known. */
  fault?: Problem | null;
}

export function HandoverResult({ name, deliveries, answers, isConfirmed, level = null, fault = null }: Props) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [queued, setQueued] = useState<ReadonlySet<string>>(new Set());
  const isKept = useDesk().kept.value.pending.some(({ commandId }) => queued.has(commandId));
  useEffect(() => {
    void answers?.then((outcomes) => {
      setProblem(outcomes.flatMap((outcome) => (outcome.status === "refused" ? [outcome.problem] : []))[0] ?? null);
      setQueued(new Set(outcomes.flatMap((outcome) => (outcome.status === "queued" ? [outcome.commandId] : []))));
    });
  }, [answers]);
  const count = parcelSum(deliveries);
  const who = name ?? t("the driver");
  const shown = fault ?? (isConfirmed ? null : problem);
  return (
    <main class="result-screen" data-confirmed={isConfirmed} id="app-main">
      <div class="stack result-words" role="status">
        <p class="result-mark" aria-hidden="true">{isConfirmed ? "✓" : "…"}</p>
        <ScreenTitle>
          {isConfirmed
            ? tn("{name} has {n} of {n} parcel", "{name} has {n} of {n} parcels", count, { name: who })
            : t("You gave {parcels} to {name}", { parcels: parcels(count), name: who })}
        </ScreenTitle>
        <p class="lead">{isConfirmed ? confirmedWords(level) : waitingWords(name)}</p>
        {isKept && <p class="lead">{t("Your statement is kept on this tablet until there is a connection.")}</p>}
      </div>
      {shown && <ProblemBanner problem={shown} />}
      <button type="button" class="button button-wide result-done" onClick={() => go({ screen: "board" })}>{t("Done")}</button>
    </main>
  );
}

/** The same words as the board's: a typed code is not a scanned one, however both sides agree. */
function confirmedWords(level: DeskDelivery["verification"]): string {
  const evidence = evidenceWords(level);
  if (level === "E3" || level === "E2" || !evidence) return t("The driver's phone and this tablet agree. Nothing more is to do.");
  return `${evidence[0]}. ${evidence[1]}`;
}

function waitingWords(name: string | null): string {
  if (name === null) return t("The server checks the driver's code when there is a connection.");
  return t("{name}'s phone has not confirmed it yet. It does so by itself when it has signal.", { name });
}
