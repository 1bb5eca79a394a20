/** Codes carry times: a tablet whose clock nobody has compared says so before it shows or reads one. */
import { t } from "../../lib/i18n";
import { useDesk } from "../desk";

export function ClockWarning() {
  const desk = useDesk();
  // Looked at every few seconds, as everything that depends on time.
  void desk.now.value;
  const isUnknown = desk.clock.syncedAt() === null;
  if (!isUnknown && !desk.clock.claim().jump) return null;
  return (
    <div class="banner" data-tone="warn" role="status" data-clock={isUnknown ? "unknown" : "changed"}>
      <p>{t("This tablet's clock may be wrong")}</p>
      <p>
        {isUnknown
          ? t("It has not been compared with the server's yet. Codes may be refused until it has; set the tablet's time automatically, or get signal for a moment.")
          : t("It was changed since it was last compared with the server's. Codes may be refused; set the tablet's time automatically, or get signal for a moment.")}
      </p>
    </div>
  );
}
