/** How far a handover has come: kept on this tablet, known to the server, said by both sides. */
import { t } from "../../lib/i18n";
import type { Mark } from "../handed";

export function Marks({ mark }: { mark: Mark }) {
  // Once the server has it, it may have come from the driver's phone alone: nothing is said of this tablet then.
  const kept: [Mark, string][] = mark === "tablet" ? [["tablet", t("On this tablet")]] : [];
  const steps: [Mark, string][] = [
    ...kept,
    ["server", t("On the server")],
    ["both", t("Verified by both")],
  ];
  const reached = steps.findIndex(([step]) => step === mark);
  return (
    <ol class="marks" aria-label={t("How far this handover has come")} data-mark={mark}>
      {steps.map(([step, words], at) => (
        <li key={step} data-on={at <= reached}>
          <span aria-hidden="true">{at <= reached ? "✓" : "○"}</span> {words}
          {at > reached && <span class="visually-hidden"> {t("(not yet)")}</span>}
        </li>
      ))}
    </ol>
  );
}
