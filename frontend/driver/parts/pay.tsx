/** Pay: the total, and on a tap the lines that make it. */
import type { Money, PayLine } from "../../lib/api";
import { money } from "../../lib/format";
import { t } from "../../lib/i18n";

/** The lines of a pay, with what each was computed from. */
export function PayLines({ lines, total }: { lines: readonly PayLine[]; total: Money }) {
  return (
    <dl class="pay-lines number">
      {lines.map((line, index) => (
        <div key={index}>
          <dt>
            {payName(line.kind)}
            {line.facts && <span class="muted small"> {line.facts}</span>}
          </dt>
          <dd>{money(line)}</dd>
        </div>
      ))}
      <div class="strong">
        <dt>{t("Total")}</dt>
        <dd>{money(total)}</dd>
      </div>
    </dl>
  );
}

/** The total that opens into its lines. */
export function PayDetails({ lines, total }: { lines: readonly PayLine[]; total: Money }) {
  return (
    <details class="pay">
      <summary>
        <span class="pay-total number">{money(total)}</span> <span class="pay-how">{t("How it is made up")}</span>
      </summary>
      <PayLines lines={lines} total={total} />
    </details>
  );
}

function payName(kind: PayLine["kind"]): string {
  const names = {
    base: t("Base"),
    per_mile: t("Distance"),
    per_stop: t("Stops"),
    per_parcel: t("Parcels"),
    waiting: t("Waiting time"),
    floor: t("Least for a run"),
    raise: t("Raised offer"),
    guarantee: t("Least for an hour"),
    tip: t("Tip"),
  };
  return names[kind];
}
