/** The fields of a new delivery: to whom and where; what and when. */
import { t } from "../../lib/i18n";
import { useDeskState } from "../desk";
import { type DeliveryDraft, type FieldErrors, LIMITS, SIZES_L } from "../draft";
import { isInbound } from "../inbound";
import { ChoiceField, describedBy, Hints, TextField } from "../parts/fields";
import { DoorFields } from "../parts/door-fields";
import { ParcelStepper } from "../parts/parcel-stepper";
import { ReadyField, WindowField } from "../parts/window-field";

interface Props {
  draft: DeliveryDraft;
  errors: FieldErrors;
  onChange: (change: Partial<DeliveryDraft>) => void;
}

type TextName = keyof typeof LIMITS;

export function RecipientFields({ draft, errors, onChange }: Props) {
  const text = (name: TextName) => ({
    name, value: draft[name], limit: LIMITS[name], errors, onChange: (value: string) => onChange({ [name]: value }),
  });
  return (
    <section class="card stack" aria-label={t("To whom")}>
      <h2>{t("To whom")}</h2>
      <TextField {...text("recipient_name")} label={t("Recipient")} />
      <TextField {...text("phone")} label={t("Phone")} inputMode="tel" hint={t("For the store and the dispatcher if something goes wrong. The driver does not see it.")} />
      <DoorFields door={draft} errors={errors} onChange={onChange} />
    </section>
  );
}

export function DeliveryFields({ draft, errors, onChange }: Props) {
  const state = useDeskState();
  const { currency } = state.store;
  const proofs = [["photo", t("Photo")], ["pin", t("PIN")], ["none", t("None")]] as const;
  return (
    <section class="card stack" aria-label={t("What and when")}>
      <h2>{t("What and when")}</h2>
      <div class="field-row">
        <ParcelStepper count={draft.parcel_count} onChange={(parcelCount) => onChange({ parcel_count: parcelCount })} />
        <TextField name="merchant_ref" value={draft.merchant_ref} limit={LIMITS.merchant_ref} errors={errors} label={t("Your order number")}
          onChange={(value) => onChange({ merchant_ref: value })} />
      </div>
      <SizeField draft={draft} errors={errors} onChange={onChange} />
      {isInbound(state) && (
        <TextField name="carrier_ref" value={draft.carrier_ref} limit={LIMITS.carrier_ref} errors={errors} label={t("The carrier's code, if there is one")}
          hint={t("Its tracking number: a parcel without our label is found by it.")} onChange={(value) => onChange({ carrier_ref: value })} />
      )}
      <ReadyField draft={draft} errors={errors} onChange={onChange} />
      <WindowField draft={draft} errors={errors} onChange={onChange} />
      <Instructions draft={draft} errors={errors} onChange={onChange} />
      <ChoiceField name="proof" label={t("Proof at the door")} value={draft.proof} options={proofs} errors={errors} isInline
        onChange={(proof) => onChange({ proof: proof as DeliveryDraft["proof"] })} />
      <LeaveField draft={draft} errors={errors} onChange={onChange} />
      <TextField name="value" value={draft.value} limit={12} errors={errors} inputMode="decimal" label={t("Value of the goods in {currency}, if you like", { currency })}
        onChange={(value) => onChange({ value })} />
    </section>
  );
}

/** With a PIN somebody has to be there, so nothing is left. */
function LeaveField({ draft, onChange }: Props) {
  const mayLeave = draft.proof !== "pin";
  return (
    <div class="stack stack-tight">
      <label class="switch">
        <input type="checkbox" name="leave_at_door" checked={mayLeave && draft.leave_at_door} disabled={!mayLeave} aria-describedby={mayLeave ? undefined : "leave-hint"}
          onChange={(event) => onChange({ leave_at_door: event.currentTarget.checked })} />
        {t("May be left at the door")}
      </label>
      {!mayLeave && <p class="muted small" id="leave-hint">{t("Not with a PIN: somebody has to say it.")}</p>}
    </div>
  );
}

function SizeField({ draft, errors, onChange }: Props) {
  const name = "parcel_litres";
  const names = [t("Small: a shoe box"), t("Medium: a shopping bag"), t("Large: a microwave"), t("Very large: a television"), t("Bulky: an armchair")];
  const hint = t("The largest parcel counts. It decides which vehicles can take the order.");
  return (
    <div class="field">
      <label for={name}>{t("Size of a parcel")}</label>
      <select id={name} name={name} value={String(draft.parcel_litres)} aria-invalid={errors[name] !== undefined} aria-describedby={describedBy({ name, hint, errors })}
        onChange={(event) => onChange({ parcel_litres: Number(event.currentTarget.value) })}>
        {SIZES_L.map((litres, index) => <option key={litres} value={litres}>{t("{size} (up to {n} litres)", { size: names[index]!, n: litres })}</option>)}
      </select>
      <Hints name={name} hint={hint} errors={errors} />
    </div>
  );
}

function Instructions({ draft, errors, onChange }: Props) {
  const length = [...draft.instructions].length;
  const hint = t("{n} of {most} characters. Gate code, floor, which bell.", { n: length, most: LIMITS.instructions });
  return (
    <div class="field">
      <label for="instructions">{t("Instructions for the driver")}</label>
      <textarea id="instructions" name="instructions" value={draft.instructions} maxLength={LIMITS.instructions} rows={3}
        aria-invalid={errors.instructions !== undefined} aria-describedby={describedBy({ name: "instructions", hint, errors })}
        onInput={(event) => onChange({ instructions: event.currentTarget.value })} />
      <Hints name="instructions" hint={hint} errors={errors} />
    </div>
  );
}
