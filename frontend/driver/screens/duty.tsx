/** Off duty: choose where to drive, nearest first when the phone may say where it is. */
import { useComputed, useSignal } from "@preact/signals";
import type { Point } from "../../lib/api";
import { distance } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { DriverState } from "../api";
import { metresBetween } from "../links";
import { Banners } from "../parts/banners";
import { Action } from "../parts/button";
import { useApp } from "../parts/context";
import { InstallHint } from "../parts/install-hint";
import { useNearest } from "../parts/nearest";
import { useOutcome } from "../parts/outcome";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { ShiftFields, shiftOf } from "../parts/shift-fields";

type Site = DriverState["sites"][number];

export function DutyScreen({ state }: { state: DriverState }) {
  const { commands } = useApp();
  const { problem, take } = useOutcome();
  const here = useNearest();
  const tapped = useSignal<string | null>(state.me.duty_site_id);
  const shift = useSignal(shiftOf(state.me));
  const sites = useComputed(() => nearestFirst(state.sites, here.place.value)).value;
  const chosen = sites.find(({ id }) => id === tapped.value) ?? (here.place.value || sites.length === 1 ? sites[0] : undefined);
  const bar = chosen && (
    <Action name="on-duty" busy={t("Going on duty")} onTap={async () => take(await commands.setDuty(true, chosen.id, { ...shift.value, position: here.told() }))}>
      {t("Go on duty at {site}", { site: chosen.name })}
    </Action>
  );
  return (
    <Screen title={t("Where do you drive today?")} bar={bar ?? <p class="bar-hint muted">{t("Choose a place to go on duty.")}</p>}>
      <Banners />
      {problem.value && <ProblemBanner problem={problem.value} isAlert />}
      <fieldset class="stack stack-tight">
        <legend class="visually-hidden">{t("Place")}</legend>
        <div class="choices">
          {sites.map((site) => (
            <label key={site.id} data-site={site.id}>
              <input type="radio" name="site" checked={chosen?.id === site.id} onChange={() => (tapped.value = site.id)} />
              <span class="grow">
                <span class="strong">{site.name}</span>
                <span class="muted small block">{site.city}</span>
              </span>
              {here.place.value && <span class="muted number">{distance(metresBetween(here.place.value, site))}</span>}
            </label>
          ))}
        </div>
      </fieldset>
      {sites.length > 0 && <ShiftFields shift={shift.value} onChange={(change) => (shift.value = { ...shift.value, ...change })} />}
      {sites.length === 0 && <p>{t("No places yet. A dispatcher adds the places where you may drive; they appear here.")}</p>}
      {sites.length > 1 && !here.place.value && (
        <Action name="nearest" tone="quiet" busy={t("Finding where you are")} onTap={here.ask}>
          {t("Show the nearest first")}
        </Action>
      )}
      {here.isRefused.value && <p class="muted" role="status">{t("Your position is not available, so the places stand in their usual order.")}</p>}
      <InstallHint />
    </Screen>
  );
}

function nearestFirst(sites: readonly Site[], place: Point | null): Site[] {
  if (!place) return [...sites];
  return [...sites].sort((one, other) => metresBetween(place, one) - metresBetween(place, other));
}
