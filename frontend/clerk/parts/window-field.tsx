/** When the parcels are ready, and in which window they are brought. */
import { clockTime, datedWindow } from "../../lib/format";
import { t } from "../../lib/i18n";
import { useDesk, useDeskState } from "../desk";
import { type DeliveryDraft, type FieldErrors, readyAt, windowOf } from "../draft";
import { ChoiceField, TimeField } from "./fields";
import { nextWindows, soonest } from "../store-time";

interface Props {
  draft: DeliveryDraft;
  errors: FieldErrors;
  onChange: (change: Partial<DeliveryDraft>) => void;
}

export function ReadyField({ draft, errors, onChange }: Props) {
  const desk = useDesk();
  const { timezone } = useDeskState().store;
  const at = readyAt(draft, desk.now.value, timezone);
  const hint = at === null ? t("When will they be packed?") : t("Packed by {time}", { time: clockTime(new Date(at).toISOString(), timezone) });
  const options = [["0", t("Now")], ["20", t("In 20 min")], ["45", t("In 45 min")], ["at", t("At a time")]] as const;
  return (
    <ChoiceField name="ready" label={t("Parcels are ready")} value={draft.ready} options={options} errors={errors} hint={hint} isInline
      onChange={(ready) => onChange({ ready: ready as DeliveryDraft["ready"] })}>
      {draft.ready === "at" && (
        <TimeField name="ready_time" label={t("Time")} value={draft.ready_time} onChange={(value) => onChange({ ready_time: value })} />
      )}
    </ChoiceField>
  );
}

export function WindowField({ draft, errors, onChange }: Props) {
  const desk = useDesk();
  const { timezone } = useDeskState().store;
  const now = desk.now.value;
  const ready = readyAt(draft, now, timezone) ?? now;
  const windows = nextWindows(ready, now, timezone);
  // A window that was chosen stays on the list while the clock goes on; whether it is over is checked on sending.
  if (Date.parse(draft.window) && !windows.some(({ from }) => from === draft.window)) windows.unshift(windowOf(draft, now, timezone)!);
  const options = [
    ["soon", t("As soon as possible, {window}", { window: datedWindow(soonest(ready), now, timezone) })] as const,
    ...windows.map((window) => [window.from, datedWindow(window, now, timezone)] as const),
    ["hand", t("Another window")] as const,
  ];
  return (
    <ChoiceField name="window" label={t("Delivery window")} value={draft.window} options={options} errors={errors}
      onChange={(window) => onChange({ window, window_until: windows.find(({ from }) => from === window)?.until ?? "" })}>
      {draft.window === "hand" && <HandWindow hand={draft.hand} onChange={(hand) => onChange({ hand })} />}
    </ChoiceField>
  );
}

function HandWindow({ hand, onChange }: { hand: DeliveryDraft["hand"]; onChange: (hand: DeliveryDraft["hand"]) => void }) {
  return (
    <div class="hand-window">
      <div class="field">
        <label for="hand-day">{t("Day")}</label>
        <select id="hand-day" value={String(hand.day)} onChange={(event) => onChange({ ...hand, day: event.currentTarget.value === "1" ? 1 : 0 })}>
          <option value="0">{t("Today")}</option>
          <option value="1">{t("Tomorrow")}</option>
        </select>
      </div>
      <TimeField name="hand-from" label={t("From")} value={hand.from} onChange={(from) => onChange({ ...hand, from })} />
      <TimeField name="hand-until" label={t("Until")} value={hand.until} onChange={(until) => onChange({ ...hand, until })} />
    </div>
  );
}
