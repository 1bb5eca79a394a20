/** What is to pack, and what waits packed. */
import { useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { datedTime, datedWindow, minutes, parcels } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { DeskDelivery } from "../api";
import { useDesk, useDeskState, useHanded } from "../desk";
import { byDay, inPackingOrder, type KeptStep, minutesLate } from "../lists";
import { markPacked } from "../packing";
import { LabelAnchor } from "../parts/label-link";
import { Badge, ProblemBanner } from "../parts/pieces";
import { addressOf } from "../route";
import { keptWords } from "../words";

type Steps = ReadonlyMap<string, KeptStep>;

export function PackList({ steps }: { steps: Steps }) {
  const desk = useDesk();
  const { store, to_pack } = useDeskState();
  const toPack = useStillHere(to_pack);
  const { today, later } = byDay(toPack, desk.now.value, store.timezone);
  return (
    <section aria-labelledby="to-pack" class="stack stack-tight">
      <h2 id="to-pack">{t("To pack")} <span class="muted number">{toPack.length}</span></h2>
      {toPack.length === 0 && <p class="empty">{t("Nothing to pack. New deliveries appear here by the time they must be ready.")}</p>}
      <PackTiles deliveries={today} steps={steps} />
      {later.length > 0 && (
        <>
          <h3>{t("For another day")} <span class="muted number">{later.length}</span></h3>
          <PackTiles deliveries={later} steps={steps} isLater />
        </>
      )}
    </section>
  );
}

function PackTiles({ deliveries, steps, isLater = false }: { deliveries: readonly DeskDelivery[]; steps: Steps; isLater?: boolean }) {
  return (
    <ul class="tiles">
      {deliveries.map((delivery) => (
        <li key={delivery.id} class="card"><PackRow delivery={delivery} step={steps.get(delivery.id)} isLater={isLater} /></li>
      ))}
    </ul>
  );
}

export function ReadyList({ steps }: { steps: Steps }) {
  const desk = useDesk();
  const { store } = useDeskState();
  const ready = useStillHere(useDeskState().ready);
  return (
    <section aria-labelledby="ready" class="stack stack-tight">
      <h2 id="ready">{t("Ready at the counter")} <span class="muted number">{ready.length}</span></h2>
      {ready.length === 0 && <p class="empty">{t("Packed parcels wait here until their driver takes them.")}</p>}
      <ul class="list" hidden={ready.length === 0}>
        {inPackingOrder(ready).map((delivery) => (
          <li key={delivery.id} class="stack stack-tight">
            <RowTitle delivery={delivery} />
            <div class="spread">
              <span class="muted">
                {delivery.driver_first_name ? t("For {driver}", { driver: delivery.driver_first_name }) : t("No driver yet")}
                {" · "}{datedWindow(delivery.window, desk.now.value, store.timezone)}
                {delivery.merchant_ref && <> · {t("Order {ref}", { ref: delivery.merchant_ref })}</>}
              </span>
              <KeptBadge step={steps.get(delivery.id)} />
              <LabelLink delivery={delivery} isSmall />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Without what was given on this tablet and stands in the list of what has left. */
function useStillHere(deliveries: readonly DeskDelivery[]): DeskDelivery[] {
  const handed = useHanded();
  return deliveries.filter(({ id }) => handed.get(id)?.kind !== "handover");
}

interface PackRowProps {
  delivery: DeskDelivery;
  step: KeptStep | undefined;
  /** It goes out on another day: nothing is late today. */
  isLater?: boolean;
}

export function PackRow({ delivery, step, isLater = false }: PackRowProps) {
  const desk = useDesk();
  const { store } = useDeskState();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const late = isLater ? 0 : minutesLate(delivery.ready_at, desk.now.value);

  async function pack(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    setProblem(await markPacked(desk, delivery));
    setBusy(false);
  }

  return (
    <div class="stack stack-tight">
      <RowTitle delivery={delivery} />
      <div class="spread">
        <span class={isLater ? "muted" : "strong"}>{t("Ready by {time}", { time: datedTime(delivery.ready_at, desk.now.value, store.timezone) })}</span>
        {late > 0 && <Badge tone="warn">{t("{span} late", { span: minutes(late * 60) })}</Badge>}
      </div>
      <p class="muted">
        {t("Delivery {window}", { window: datedWindow(delivery.window, desk.now.value, store.timezone) })}
        {delivery.merchant_ref && <> · {t("Order {ref}", { ref: delivery.merchant_ref })}</>}
      </p>
      {problem && <ProblemBanner problem={problem} />}
      <KeptBadge step={step} />
      {(!step || step === "unpack") && (
        <div class="row">
          <LabelLink delivery={delivery} />
          <button type="button" class="button button-primary grow" aria-disabled={isBusy} onClick={() => void pack()}>
            {isBusy ? t("Saving…") : t("Mark packed")} <span class="visually-hidden">{delivery.recipient_first_name}</span>
          </button>
        </div>
      )}
    </div>
  );
}

/** First name and area, which open the details, and the number of parcels. */
export function RowTitle({ delivery }: { delivery: DeskDelivery }) {
  return (
    <div class="spread row-title">
      <a href={addressOf({ screen: "delivery", id: delivery.id })}>
        <strong>{delivery.recipient_first_name}</strong> <span class="muted">{delivery.area}</span>
      </a>
      <span class="parcel-count">{parcels(delivery.parcel_count)}</span>
    </div>
  );
}

export function KeptBadge({ step }: { step: KeptStep | undefined }) {
  return step ? <Badge tone="neutral">{keptWords(step)}</Badge> : null;
}

export function LabelLink({ delivery, isSmall }: { delivery: DeskDelivery; isSmall?: boolean }) {
  return (
    <LabelAnchor id={delivery.id} class={isSmall ? "button button-quiet button-small" : "button"}>
      {tn("Print label", "Print labels", delivery.parcel_count)} <span class="visually-hidden">{delivery.recipient_first_name}</span>
    </LabelAnchor>
  );
}
