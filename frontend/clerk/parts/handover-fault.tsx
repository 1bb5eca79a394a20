/** Why this tablet can show no code, and what to do instead. */
import { t } from "../../lib/i18n";
import { problemFor } from "../problems";
import { ProblemBanner } from "./pieces";

export function HandoverFault({ fault }: { fault: "no_key" | "insecure" }) {
  if (fault === "insecure") return <ProblemBanner problem={problemFor("insecure_page")} />;
  return (
    <div class="banner" data-tone="stop" role="alert">
      <p>{t("This tablet has lost its key")}</p>
      <p>{t("The browser's data was cleared, so this tablet can sign no codes. Ask a manager for a new enrolment code. Until then, compare the photo, give the parcels and tap Given: it is recorded as your word.")}</p>
    </div>
  );
}
