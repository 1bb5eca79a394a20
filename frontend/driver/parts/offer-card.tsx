/** One run on offer: what it is, how it fits, how long, how far, what it pays. Never a street. */
import type { ComponentChildren } from "preact";
import { datedTime, datedWindow, distance, minutes, parcels } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { Offer } from "../api";
import { dueText } from "../due";
import { fitText } from "../fit";
import { now } from "../state";
import { PayDetails } from "./pay";

export function OfferCard({ offer, children }: { offer: Offer; children: ComponentChildren }) {
  const zone = offer.site.timezone;
  // A station says when its run leaves.
  const begins = offer.wave ? null : offer.begins_at;
  return (
    <article class="card stack offer" data-offer={offer.id} aria-labelledby={`offer-${offer.id}`}>
      <div>
        <h2 id={`offer-${offer.id}`}>{offer.site.name}</h2>
        <p class="muted">{t("{city}, deliver {window}", { city: offer.site.city, window: datedWindow(offer.window, now.value, zone) })}</p>
        {offer.fit && <p class="fit" data-fit data-tone={offer.fit.misfits.length > 0 ? "warn" : "go"}>{fitText(offer.fit)}</p>}
      </div>
      <PayDetails lines={offer.pay} total={offer.pay_total} />
      <ul class="offer-figures number">
        <li>
          <span class="figure">{minutes(offer.minutes * 60)}</span> <span class="muted small">{t("in total")}</span>
        </li>
        <li>
          <span class="figure">{distance(offer.distance_m)}</span> <span class="muted small">{t("to drive")}</span>
        </li>
        <li>
          <span class="figure">{parcels(offer.parcel_count)}</span> <span class="muted small">{stops(offer.dropoff_count)}</span>
        </li>
      </ul>
      <dl class="facts">
        {offer.wave && <dt>{t("Leaves")}</dt>}
        {offer.wave && <dd>{t("{time}, bay {bay}", { time: datedTime(offer.wave.leaves_at, now.value, zone), bay: offer.wave.bay })}</dd>}
        {begins && <dt>{t("Be there")}</dt>}
        {begins && <dd>{dueText(begins, now.value, zone)}</dd>}
        <dt>{t("Collect")}</dt>
        <dd>
          <ul class="plain">
            {offer.stores.map((store) => (
              <li key={store.name}>
                {t("{store}, {floor}", { store: store.name, floor: store.floor })} <span class="muted">· {parcels(store.parcel_count)}</span>
              </li>
            ))}
          </ul>
        </dd>
        <dt>{t("Bring to")}</dt>
        <dd>
          <ol class="plain">
            {offer.areas.map((area, index) => (
              <li key={index}>{area}</li>
            ))}
          </ol>
        </dd>
      </dl>
      {children}
    </article>
  );
}

function stops(count: number): string {
  return tn("to {n} address", "to {n} addresses", count);
}
