/** One delivery in full, its labels, and cancelling it. */
import { useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { clockTime, datedWindow, money, parcels } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { DeskDelivery } from "../api";
import { CancelForm } from "../parts/cancel-form";
import { useDesk, useDeskState } from "../desk";
import { isInbound } from "../inbound";
import { deliveryById, keptSteps } from "../lists";
import { markNotPacked } from "../packing";
import { LabelAnchor } from "../parts/label-link";
import { NewLink } from "../parts/new-link";
import { Badge, ProblemBanner, Sheet } from "../parts/pieces";
import { addressOf, go } from "../route";
import { cancelWords, evidenceWords, proofWords, statusWords } from "../words";

export function DeliverySheet({ id }: { id: string }) {
  const delivery = deliveryById(useDeskState(), id);
  if (!delivery) {
    return (
      <Sheet title={t("Not in today's lists")}>
        <p>{t("This delivery is over, or belongs to another store.")}</p>
      </Sheet>
    );
  }
  const [word, tone] = statusWords(delivery.status);
  return (
    <Sheet title={t("{name}, {area}", { name: delivery.recipient_first_name, area: delivery.area })}>
      <p><Badge tone={tone}>{word}</Badge></p>
      <DeliveryFacts delivery={delivery} />
      {delivery.status !== "cancelled" && <Labels delivery={delivery} />}
      <NotPackedAfterAll delivery={delivery} />
      <WrongAddress delivery={delivery} />
      <NewLink delivery={delivery} />
      {delivery.can_cancel && <CancelForm delivery={delivery} />}
    </Sheet>
  );
}

/** Marked too early, or something is missing. Where carriers bring parcels in, scans say what is ready. */
function NotPackedAfterAll({ delivery }: { delivery: DeskDelivery }) {
  const desk = useDesk();
  const state = useDeskState();
  const [problem, setProblem] = useState<Problem | null>(null);
  const step = keptSteps(desk.kept.value).get(delivery.id);
  if (isInbound(state) || step || !state.ready.some(({ id }) => id === delivery.id)) return null;

  async function take(): Promise<void> {
    const refusal = await markNotPacked(desk, delivery);
    setProblem(refusal);
    if (!refusal) go({ screen: "board" });
  }

  return (
    <>
      {problem && <ProblemBanner problem={problem} />}
      <button type="button" class="button" onClick={() => void take()}>{t("Not packed after all")}</button>
    </>
  );
}

/** Typed at this store: nobody else can put the address right. */
function WrongAddress({ delivery }: { delivery: DeskDelivery }) {
  if (!delivery.is_by_hand || !delivery.can_cancel) return null;
  if (!delivery.can_readdress) return <p class="muted small">{t("Is the address wrong? It stays now: cancel this delivery and place it again.")}</p>;
  return <a class="button" href={addressOf({ screen: "address", id: delivery.id })}>{t("Enter the address again")}</a>;
}

function DeliveryFacts({ delivery }: { delivery: DeskDelivery }) {
  const desk = useDesk();
  const { timezone, currency } = useDeskState().store;
  const { value_minor: value, needs_manager_code: isDear } = delivery;
  const evidence = evidenceWords(delivery.verification, delivery.status);
  const facts: [string, string | null][] = [
    [t("Order"), delivery.merchant_ref],
    [t("Parcels"), parcels(delivery.parcel_count)],
    [t("Value of the goods"), typeof value === "number" ? money({ amount_minor: value, currency }) : null],
    [t("Handover"), isDear ? t("With a manager's code only") : null],
    [t("Ready by"), clockTime(delivery.ready_at, timezone)],
    [t("Packed"), delivery.packed_at && clockTime(delivery.packed_at, timezone)],
    [t("Delivery"), datedWindow(delivery.window, desk.now.value, timezone)],
    [t("At the door"), proofWords(delivery.proof)],
    [t("Driver"), delivery.driver_first_name],
    [t("Handed over"), delivery.handed_over_at && clockTime(delivery.handed_over_at, timezone)],
    [t("Cancelled because"), cancelWords(delivery.cancel_reason)],
    [t("Evidence"), evidence && `${evidence[0]}. ${evidence[1]}`],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (value ? [<dt key={name}>{name}</dt>, <dd key={`${name}-value`}>{value}</dd>] : null))}
    </dl>
  );
}

function Labels({ delivery }: { delivery: DeskDelivery }) {
  const numbers = Array.from({ length: delivery.parcel_count }, (_, at) => at + 1);
  return (
    <div class="stack stack-tight">
      <h3>{t("Labels")}</h3>
      <div class="row">
        <LabelAnchor id={delivery.id} class="button button-primary">{tn("Print label", "Print labels", delivery.parcel_count)}</LabelAnchor>
        {numbers.map((parcel) => (
          <LabelAnchor key={parcel} id={delivery.id} parcel={parcel} class="button button-small">
            {t("Picture {parcel} of {count}", { parcel, count: delivery.parcel_count })}
          </LabelAnchor>
        ))}
      </div>
    </div>
  );
}
