/** On the way to or at a customer's door: address, wishes, parcels, and the other ways to finish. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { datedWindow, distance, minutes, parcels } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { DropoffDelivery, DropoffStop, Run } from "../api";
import { type DoorDetails, isCollectedHere, openDoor } from "../door";
import { hrefOf } from "../route";
import { now, outbox } from "../state";
import { type Step, waysOf } from "../steps";
import { unitWords } from "../stop-words";
import { Questions } from "./beside";
import { WayButton } from "./stop-bar";

export function DropoffDetails({ stop, run, step }: { stop: DropoffStop; run: Run; step: Step }) {
  const delivery = useDoor(stop.delivery, run);
  const isOpen = step === "go" || step === "deliver";
  return (
    <>
      {now.value < Date.parse(stop.window.from) && <Questions>{({ EarlyBanner }) => <EarlyBanner stop={stop} />}</Questions>}
      <div class="card stack stack-tight">
        <p class="address">
          {delivery.street}
          {delivery.unit && <span class="block">{unitWords(delivery.unit)}</span>}
          <span class="block address-city">{t("{city} {postal_code}", { city: delivery.city, postal_code: delivery.postal_code })}</span>
        </p>
        {step === "go" && (
          <p class="muted">{t("{distance}, about {span} to drive", { distance: distance(stop.distance_m), span: minutes(stop.drive_s) })}</p>
        )}
        <p>{t("Due {window}", { window: datedWindow(stop.window, now.value, run.site.timezone) })}</p>
      </div>
      <Wishes delivery={delivery} />
      {step === "deliver" && !delivery.hold && <OtherWays stop={stop} />}
      {isOpen && delivery.unit === null && delivery.instructions === null && (
        <p class="muted">{t("Unit and instructions are shown once the pickup has reached the server.")}</p>
      )}
    </>
  );
}

/** The delivery with what is known about its door: from the server, or opened here once the parcels are in hand. */
function useDoor(delivery: DropoffDelivery, run: Run): DropoffDelivery {
  const opened = useSignal<DoorDetails | null>(null);
  const isHere = delivery.unit === null && isCollectedHere(run, delivery.handle, outbox.value.pending);
  useEffect(() => {
    let isGone = false;
    opened.value = null;
    if (isHere) {
      void openDoor(delivery, run).then((details) => {
        if (!isGone) opened.value = details;
      });
    }
    return () => {
      isGone = true;
    };
  }, [isHere, delivery.sealed]);
  return isHere && opened.value ? { ...delivery, ...opened.value } : delivery;
}

function Wishes({ delivery }: { delivery: DropoffDelivery }) {
  return (
    <dl class="card facts">
      <dt>{t("Parcels")}</dt>
      <dd>{t("{parcels} from {store}", { parcels: parcels(delivery.parcel_count), store: delivery.store_name })}</dd>
      <dt>{t("Hand over")}</dt>
      <dd>
        <span class="strong">{delivery.leave_at_door ? t("Leave at the door") : t("Give to {name}", { name: delivery.recipient_first_name })}</span>
        <span class="block">{proofText(delivery)}</span>
      </dd>
      {delivery.instructions && (
        <>
          <dt>{t("Note")}</dt>
          <dd class="wish">{delivery.instructions}</dd>
        </>
      )}
    </dl>
  );
}

function proofText(delivery: DropoffDelivery): string {
  if (delivery.proof === "pin" && delivery.pin_tries_left > 0) return t("The customer has a PIN of six digits, or a code to scan.");
  if (delivery.proof === "pin") return t("The PIN is locked. Take a photo instead; the dispatcher knows.");
  return delivery.proof === "photo" ? t("A photo is wanted.") : t("No proof is wanted.");
}

function OtherWays({ stop }: { stop: DropoffStop }) {
  const [, ...others] = waysOf(stop.delivery);
  return (
    <div class="stack stack-tight">
      {others.map((way) => (
        <WayButton key={way} stop={stop} way={way} />
      ))}
      <a class="button button-wide" data-action="navigate" href={hrefOf({ name: "stop", stopId: stop.id, page: "navigate" })}>
        {t("Show the way")}
      </a>
      <a class="button button-quiet" data-action="cannot" href={hrefOf({ name: "stop", stopId: stop.id, page: "cannot" })}>
        {t("I cannot deliver this")}
      </a>
    </div>
  );
}
