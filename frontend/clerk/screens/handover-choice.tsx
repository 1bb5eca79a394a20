/** Before the code: is this the driver of the photo, and which parcels go? */
import { useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { parcels } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { ArrivingDriver, DeskDelivery } from "../api";
import { useDesk } from "../desk";
import type { Waiting } from "../handover";
import { isDear, parcelSum, toCollect } from "../lists";
import { addressOf } from "../route";
import { keepBack, markPacked } from "../packing";
import { ClockWarning } from "../parts/clock-warning";
import { BackLink, Badge, DriverPhoto, ProblemBanner, ScreenTitle } from "../parts/pieces";

interface Props {
  run: ArrivingDriver;
  /** Deliveries that were cancelled while their code was on the screen. */
  cancelled?: readonly DeskDelivery[];
  onChosen: (deliveries: readonly Waiting[]) => void;
}

export function HandoverChoice({ run, cancelled = [], onChosen }: Props) {
  const waiting = toCollect(run);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const chosen = waiting.filter(({ id, packed }) => packed && !left.has(id));
  const name = run.driver.first_name;

  function toggle(id: string): void {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  }

  return (
    <main class="page stack choice" id="app-main">
      <BackLink />
      <div class="choice-driver stack">
        <DriverPhoto driver={run.driver} isLarge />
        <ScreenTitle>{t("Is this {name}?", { name })}</ScreenTitle>
        <p class="lead muted">{run.driver.vehicle}</p>
        <p>{t("Compare the photo. Give the parcels to nobody else.")}</p>
      </div>
      <div class="choice-parcels stack">
        <ClockWarning />
        {cancelled.map((delivery) => (
          <p key={delivery.id} class="banner" data-tone="stop" role="alert">
            {t("{name}'s delivery was cancelled a moment ago. Keep its parcels here.", { name: delivery.recipient_first_name })}
          </p>
        ))}
        <fieldset class="field">
          <legend>{t("What {name} takes", { name })}</legend>
          <div class="choices">
            {waiting.filter(({ packed }) => packed).map((delivery) => (
              <label key={delivery.id}>
                <input type="checkbox" checked={!left.has(delivery.id)} onChange={() => toggle(delivery.id)} />
                <span class="grow strong">{delivery.recipient_first_name}</span>
                {isDear(delivery) && <Badge tone="warn">{t("Manager's code")}</Badge>}
                <span>{parcels(delivery.parcel_count)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        {waiting.filter(({ id, packed }) => !packed || left.has(id)).map((delivery) => (
          <StaysHere key={delivery.id} delivery={delivery} driver={name} />
        ))}
        <button type="button" class="button button-primary button-wide choice-go" disabled={chosen.length === 0} onClick={() => onChosen(chosen)}>
          {chosen.length === 0 ? t("Nothing is chosen") : t("This is {name}: show the code for {parcels}", { name, parcels: parcels(parcelSum(chosen)) })}
        </button>
        <a class="button button-wide" href={addressOf({ screen: "meet", id: run.run_id })}>{t("Scan {name}'s phone instead", { name })}</a>
      </div>
    </main>
  );
}

/** A delivery that does not go with the others: why, and the ways out. */
function StaysHere({ delivery, driver }: { delivery: Waiting; driver: string }) {
  const desk = useDesk();
  const [problem, setProblem] = useState<Problem | null>(null);
  const who = { name: delivery.recipient_first_name, parcels: parcels(delivery.parcel_count) };
  return (
    <div class="banner" data-tone="warn">
      <p>{delivery.packed ? t("{name}: {parcels}, left out", who) : t("{name}: {parcels}, not packed yet", who)}</p>
      <p>{t("{driver} waits for it, unless you let {driver} go without. Then it is to pack again, and another driver is looked for.", { driver })}</p>
      {problem && <ProblemBanner problem={problem} />}
      <p class="row">
        {!delivery.packed && (
          <button type="button" class="button" onClick={() => void markPacked(desk, delivery).then(setProblem)}>
            {t("Mark packed")} <span class="visually-hidden">{delivery.recipient_first_name}</span>
          </button>
        )}
        <button type="button" class="button" onClick={() => void keepBack(desk, delivery, driver).then(setProblem)}>
          {t("Let {driver} go without", { driver })} <span class="visually-hidden">{delivery.recipient_first_name}</span>
        </button>
      </p>
    </div>
  );
}
