/** Where an order goes: street, unit, city, ZIP code, and the door on the map. */
import { useState } from "preact/hooks";
import { t } from "../../lib/i18n";
import type { PlaceHit } from "../api";
import { type DoorDraft, type FieldErrors, LIMITS, placeChange, streetChange } from "../draft";
import { TextField } from "./fields";
import { PointPicker } from "./point-picker";
import { StreetCombobox } from "./street-combobox";

interface Props {
  door: DoorDraft;
  errors: FieldErrors;
  onChange: (change: Partial<DoorDraft>) => void;
}

export function DoorFields({ door, errors, onChange }: Props) {
  const [hit, setHit] = useState<PlaceHit | null>(null);
  const isStill = hit !== null && door.point?.lat === hit.lat && door.point.lon === hit.lon;
  const text = (name: "unit" | "city" | "postal_code") => ({
    name, value: door[name], limit: LIMITS[name], errors, onChange: (value: string) => onChange({ [name]: value }),
  });
  return (
    <>
      <StreetCombobox value={door.street} errors={errors} onChange={(street) => onChange(streetChange(door, street))} onPick={(found) => {
        setHit(found);
        onChange(placeChange(found));
      }} />
      <div class="field-row">
        <TextField {...text("unit")} label={t("Apt or unit")} />
        <TextField {...text("city")} label={t("City")} />
        <TextField {...text("postal_code")} label={t("ZIP code")} />
      </div>
      <PointPicker point={door.point} guess={isStill && hit.near.length > 0 ? hit : null} errors={errors} onPick={(point) => onChange({ point, point_street: "" })} />
    </>
  );
}
