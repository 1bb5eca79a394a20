/** What was collected at a counter: large, green, and how many parcels it was. */
import { t, tn } from "../../lib/i18n";
import type { PickupDelivery, PickupStop } from "../api";
import { goHome } from "../navigation";
import { current } from "../state";
import { countParcels } from "../steps";
import { placeOf, whatOf } from "../stop-words";
import { Screen } from "./screen";

export interface Collected {
  count: number;
  left: number;
  total: number;
  isQueued: boolean;
}

/** Count what a collection took of a stop. `before` is what was still on the counter. */
export function collectedOf(stop: PickupStop, before: readonly PickupDelivery[], given: ReadonlySet<string>, isQueued: boolean): Collected {
  const left = countParcels(before.filter(({ handle }) => !given.has(handle)));
  const total = countParcels(stop.deliveries.filter(({ status }) => status !== "cancelled"));
  return { count: total - left, left, total, isQueued };
}

export function CollectedResult({ stop, collected, onAgain }: { stop: PickupStop; collected: Collected; onAgain: () => void }) {
  const { count, left, total, isQueued } = collected;
  const next = current.value?.id === stop.id ? null : current.value;
  const title = tn("{count} of {n} parcel", "{count} of {n} parcels", total, { count });
  const bar =
    left > 0 ? (
      <>
        <button type="button" class="button" data-action="go-on" onClick={goHome}>
          {t("Back to the stop")}
        </button>
        <button type="button" class="button button-primary" data-action="scan-again" onClick={onAgain}>
          {t("Scan the next code")}
        </button>
      </>
    ) : (
      <button type="button" class="button button-primary" data-action="go-on" onClick={goHome}>
        {t("Go on")}
      </button>
    );
  return (
    <Screen title={title} bar={bar}>
      <div class="result" data-tone="go" data-result="collected" data-queued={isQueued}>
        <p class="result-sign" aria-hidden="true" />
        <p class="lead strong">{t("Collected at {store}", { store: stop.store.name })}</p>
        <p>{isQueued ? t("Saved on this phone. It is sent when there is signal.") : t("The store and the customers see it.")}</p>
      </div>
      {next && (
        <p>
          {t("Next: {place}", { place: placeOf(next) })}
          <span class="muted block">{whatOf(next)}</span>
        </p>
      )}
      {left > 0 && <p>{tn("{n} parcel is still at this counter.", "{n} parcels are still at this counter.", left)}</p>}
    </Screen>
  );
}
