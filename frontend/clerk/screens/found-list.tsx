/** What was found: each delivery with where it stands and what can be done with it now, and who comes for it. */
import { useId } from "preact/hooks";
import { datedWindow } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { DeskDelivery } from "../api";
import { useDesk, useDeskState } from "../desk";
import { find } from "../finding";
import type { KeptStep } from "../lists";
import { DriverTiles } from "./arriving-list";
import { KeptBadge, LabelLink, PackRow, RowTitle } from "./pack-list";
import { Badge } from "../parts/pieces";
import { statusWords } from "../words";

interface FieldProps {
  typed: string;
  onType: (typed: string) => void;
}

/** The field above the board. Escape empties it, as everywhere. */
export function FindField({ typed, onType }: FieldProps) {
  const id = useId();
  return (
    <div class="field find">
      <label class="visually-hidden" for={id}>{t("Find an order")}</label>
      <input id={id} type="search" value={typed} maxLength={60} autocomplete="off" autocapitalize="none" spellcheck={false} enterkeyhint="search"
        placeholder={t("Find: name, order, code, driver")} onInput={(event) => onType(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && onType("")} />
    </div>
  );
}

export function FoundBoard({ typed, steps }: { typed: string; steps: ReadonlyMap<string, KeptStep> }) {
  const { deliveries, drivers } = find(useDeskState(), typed);
  return (
    <>
      <div class="board-column">
        <section aria-labelledby="found" class="stack stack-tight">
          <h2 id="found">{t("Found")} <span class="muted number">{deliveries.length}</span></h2>
          <p class="visually-hidden" role="status">{tn("{n} delivery found", "{n} deliveries found", deliveries.length)}</p>
          {deliveries.length === 0 && (
            <p class="empty">{t("Nothing of today. Type the beginning of a first name, of the driver's name or of the code on a label, or a part of the order number.")}</p>
          )}
          <ul class="list" hidden={deliveries.length === 0}>
            {deliveries.map((delivery) => <li key={delivery.id} class="stack stack-tight"><FoundRow delivery={delivery} step={steps.get(delivery.id)} /></li>)}
          </ul>
        </section>
      </div>
      <div class="board-column">
        {drivers.length > 0 && (
          <section aria-labelledby="found-drivers" class="stack stack-tight">
            <h2 id="found-drivers">{t("Who is coming")}</h2>
            <DriverTiles runs={drivers} steps={steps} />
          </section>
        )}
      </div>
    </>
  );
}

function FoundRow({ delivery, step }: { delivery: DeskDelivery; step: KeptStep | undefined }) {
  const desk = useDesk();
  const { store, to_pack: toPack } = useDeskState();
  if (toPack.some(({ id }) => id === delivery.id)) return <PackRow delivery={delivery} step={step} />;
  const [word, tone] = statusWords(delivery.status);
  const driver = delivery.driver_first_name;
  return (
    <>
      <RowTitle delivery={delivery} />
      <div class="spread">
        <Badge tone={tone}>{word}</Badge>
        <KeptBadge step={step} />
        {delivery.status !== "cancelled" && <LabelLink delivery={delivery} isSmall />}
      </div>
      <p class="muted small">
        {driver && <>{t("For {driver}", { driver })} · </>}
        {datedWindow(delivery.window, desk.now.value, store.timezone)}
        {delivery.merchant_ref && <> · {t("Order {ref}", { ref: delivery.merchant_ref })}</>}
      </p>
    </>
  );
}
