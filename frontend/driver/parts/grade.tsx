/** How far a step has come: on this phone, on the server, verified. */
import { t } from "../../lib/i18n";
import type { Grade } from "../sent";

export function GradeBadge({ grade }: { grade: Grade }) {
  if (grade === "phone") return <span class="badge" data-tone="warn" data-grade={grade}>{t("On this phone")}</span>;
  if (grade === "server") return <span class="badge" data-grade={grade}>{t("On the server")}</span>;
  return <span class="badge" data-tone="go" data-grade={grade}>{t("Verified")}</span>;
}
