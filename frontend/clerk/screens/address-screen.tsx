/** Another address for an order that was typed at this store: typed anew, because nobody here sees the one before. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { datedWindow } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { ChangeAddress, DeskDelivery } from "../api";
import { say, useDesk, useDeskState } from "../desk";
import { type DoorDraft, doorErrors, emptyDoor, type FieldErrors, withoutErrorsOf } from "../draft";
import { errorsFrom } from "../draft-answers";
import { deliveryById } from "../lists";
import { DoorFields } from "../parts/door-fields";
import { BackLink, ProblemBanner, ScreenTitle } from "../parts/pieces";
import { addressOf, go } from "../route";
import { ask } from "../session";

/** What a clerk has typed for a delivery, while the page is open: a tablet that locks itself must not take it away. */
const typedFor = new Map<string, DoorDraft>();

export function AddressScreen({ id }: { id: string }) {
  const state = useDeskState();
  const delivery = deliveryById(state, id);
  return (
    <main class="page page-narrow stack" id="app-main">
      <BackLink />
      {delivery?.can_readdress ? <Entry delivery={delivery} draftKey={`${state.clerk!.id} ${id}`} /> : <TooLate delivery={delivery} />}
    </main>
  );
}

function TooLate({ delivery }: { delivery: DeskDelivery | undefined }) {
  return (
    <>
      <ScreenTitle>{t("The address stays as it is")}</ScreenTitle>
      <p class="lead">{delivery?.can_cancel
        ? t("A driver comes for it by now, or it was not entered here. While the parcels are here you can cancel it and place it again.")
        : t("This delivery is over, has left the counter, or belongs to another store.")}</p>
      {delivery && <a class="button button-wide" href={addressOf({ screen: "delivery", id: delivery.id })}>{t("Open the delivery")}</a>}
    </>
  );
}

function Entry({ delivery, draftKey }: { delivery: DeskDelivery; draftKey: string }) {
  const [door, setDoor] = useState<DoorDraft>(() => typedFor.get(draftKey) ?? emptyDoor());
  const [errors, setErrors] = useState<FieldErrors>({});
  const [isChecked, setChecked] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // Back from a refusal that belongs to a field.
  useEffect(() => show(errors), [isChecked]);

  function change(changed: Partial<DoorDraft>): void {
    setDoor((before) => {
      const after = { ...before, ...changed };
      typedFor.set(draftKey, after);
      return after;
    });
    setErrors((before) => withoutErrorsOf(before, changed));
  }

  function show(found: FieldErrors): void {
    setErrors(found);
    const first = [...(form.current?.querySelectorAll<HTMLElement>("[id]") ?? [])].find(({ id }) => found[id]);
    first?.focus();
    first?.scrollIntoView({ block: "center" });
  }

  function check(event: Event): void {
    event.preventDefault();
    const found = doorErrors(door);
    show(found);
    setChecked(Object.keys(found).length === 0);
  }

  if (isChecked) {
    return (
      <Confirmation delivery={delivery} door={door} onDone={() => typedFor.delete(draftKey)} onBack={(found) => {
        setErrors(found);
        setChecked(false);
      }} />
    );
  }
  const errorCount = Object.keys(errors).filter(Boolean).length;
  return (
    <form class="stack" ref={form} onSubmit={check} noValidate>
      <ScreenTitle>{t("Where does {name}'s delivery go?", { name: delivery.recipient_first_name })}</ScreenTitle>
      <p>{t("Ask the customer and type the whole address. The one that was typed before is not shown here.")}</p>
      <p role="status" class={errorCount > 0 ? "field-error" : "visually-hidden"}>
        {errorCount > 0 ? tn("{n} field needs your attention.", "{n} fields need your attention.", errorCount) : ""}
      </p>
      <section class="card stack" aria-label={t("New address")}>
        <DoorFields door={door} errors={errors} onChange={change} />
      </section>
      <button class="button button-primary button-wide">{t("Look at it once more")}</button>
    </form>
  );
}

interface ConfirmationProps {
  delivery: DeskDelivery;
  door: DoorDraft;
  onDone: () => void;
  /** With what the server says is wrong with the fields. */
  onBack: (errors: FieldErrors) => void;
}

function Confirmation({ delivery, door, onDone, onBack }: ConfirmationProps) {
  const desk = useDesk();
  const { timezone } = useDeskState().store;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { recipient_first_name: name, area } = delivery;

  async function send(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    const body = {
      street: door.street.trim(), unit: door.unit.trim(), city: door.city.trim(), postal_code: door.postal_code.trim(),
      lat: door.point!.lat, lon: door.point!.lon,
    };
    const sender = desk.view.value.state?.clerk?.id ?? null;
    const answer = await ask<ChangeAddress, unknown>(desk, `/deliveries/${delivery.id}/address`, body, { sender });
    setBusy(false);
    if (answer.status !== "done") {
      setProblem(answer.problem);
      if (answer.status === "refused") void desk.live.refresh();
      return;
    }
    onDone();
    const now = deliveryById(answer.value.state, delivery.id);
    desk.live.replace(answer.value.state);
    go({ screen: "board" });
    const isElsewhere = now !== undefined && now.area !== area;
    say(desk, isElsewhere
      ? t("{name}'s delivery goes to the new address. Print its labels again: they show the area.", { name })
      : t("{name}'s delivery goes to the new address.", { name }));
  }

  const fieldErrors = problem?.status === 422 ? errorsFrom(problem) : {};
  return (
    <div class="stack">
      <ScreenTitle>{t("Send {name}'s delivery here?", { name })}</ScreenTitle>
      <p class="lead">
        {[door.street, door.unit].map((part) => part.trim()).filter(Boolean).join(", ")}
        <br />
        {[door.city, door.postal_code].map((part) => part.trim()).filter(Boolean).join(" ")}
      </p>
      <p>{t("It comes in the time that was promised, {window}, and the price stays. The customer's link shows the new address.", { window: datedWindow(delivery.window, desk.now.value, timezone) })}</p>
      <p>{t("The instructions for the driver stay, too. The customer can change them on the tracking page.")}</p>
      {problem && <ProblemBanner problem={problem} />}
      <button type="button" class="button button-primary button-wide" aria-disabled={isBusy} onClick={() => void send()}>
        {isBusy ? t("Changing the address…") : t("Send it to this address")}
      </button>
      <button type="button" class="button button-wide" onClick={() => onBack(fieldErrors)}>{t("Back to the address")}</button>
    </div>
  );
}
