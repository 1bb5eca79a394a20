/** Kinds of vehicles as people say them. */
import { t } from "../../lib/i18n";
import type { VehicleClass } from "../api-offers";

/** "Car": what to choose. */
export function vehicleName(kind: VehicleClass): string {
  const names: Record<VehicleClass, string> = { bike: t("Bike"), car: t("Car"), suv: t("Large car"), van: t("Van") };
  return names[kind];
}

/** "fits your car". */
export function fitsText(kind: VehicleClass): string {
  const texts: Record<VehicleClass, string> = {
    bike: t("fits your bike"),
    car: t("fits your car"),
    suv: t("fits your large car"),
    van: t("fits your van"),
  };
  return texts[kind];
}
