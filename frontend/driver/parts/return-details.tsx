/** Parcels that go back: which store, which counter, whose. */
import { distance, minutes, parcels } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { ReturnStop, Run } from "../api";
import { hrefOf } from "../route";
import type { Step } from "../steps";
import { storeBefore } from "../stop-words";

export function ReturnDetails({ stop, run, step }: { stop: ReturnStop; run: Run; step: Step }) {
  const { store } = stop;
  const before = storeBefore(stop, run);
  return (
    <>
      <dl class="card facts">
        {step === "go" && (
          <>
            <dt>{before ? t("Walk") : t("Way")}</dt>
            <dd>{before
              ? t("{span} from {store}", { span: minutes(stop.drive_s), store: before.store.name })
              : t("{distance}, about {span} to drive", { distance: distance(stop.distance_m), span: minutes(stop.drive_s) })}</dd>
          </>
        )}
        <dt>{t("Store")}</dt>
        <dd class="strong">{t("{store}, {floor}", { store: store.name, floor: store.floor })}</dd>
        {store.counter_note && (
          <>
            <dt>{t("Counter")}</dt>
            <dd>{store.counter_note}</dd>
          </>
        )}
      </dl>
      <ul class="list" aria-label={t("Parcels to give back")}>
        {stop.deliveries.map((delivery) => (
          <li key={delivery.id}>{t("{parcels} for {name}", { parcels: parcels(delivery.parcel_count), name: delivery.recipient_first_name })}</li>
        ))}
      </ul>
      {step === "give_back" && (
        <a class="button button-wide" data-action="code" href={hrefOf({ name: "stop", stopId: stop.id, page: "code" })}>
          {t("Type a short code from the store")}
        </a>
      )}
    </>
  );
}
