/** The quiet line at the top: what is unsent, whether the lists are fresh, whether an update waits. It moves nothing. */
import { clockTime } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import { useDesk } from "../desk";
import { addressOf } from "../route";

export function StatusLine() {
  const desk = useDesk();
  const { freshness, lastAt, state } = desk.view.value;
  const { unsent, refused, ofOthers } = desk.kept.value;
  const words: string[] = [];
  if (unsent > 0) words.push(tn("{n} step kept on this tablet, not sent yet", "{n} steps kept on this tablet, not sent yet", unsent));
  if (ofOthers > 0) words.push(tn("{n} step of another clerk, sent when they sign in", "{n} steps of another clerk, sent when they sign in", ofOthers));
  if (freshness !== "offline" && desk.session.offline.value) words.push(t("Signal is back. The newest lists are on their way."));
  if (freshness === "offline") words.push(offlineWords(lastAt, state?.store.timezone ?? "UTC"));
  const isOpenable = state?.clerk != null && !desk.session.isLockedHere.value && (unsent > 0 || refused.length > 0);
  return (
    <aside class="notice status-line" aria-label={t("State of this tablet")} data-alarm={refused.length > 0}>
      <span role="status">{words.join(" · ")}</span>
      {refused.length > 0 && isOpenable && (
        <strong>{tn("{n} step was refused", "{n} steps were refused", refused.length)}</strong>
      )}
      {isOpenable && <a href={addressOf({ screen: "unsent" })}>{t("Show")}</a>}
      {desk.update.value && (
        <button type="button" class="text-button" onClick={() => desk.update.value?.accept()}>{t("Update ready: load it now")}</button>
      )}
    </aside>
  );
}

function offlineWords(lastAt: number | null, timezone: string): string {
  if (lastAt === null) return t("No connection");
  return t("No connection. As of {time}.", { time: clockTime(new Date(lastAt).toISOString(), timezone) });
}
