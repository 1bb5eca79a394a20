/** The languages there are; the server remembers the choice. */
import { currentLocale, t } from "../../lib/i18n";
import { LANGUAGES } from "../../lib/languages";

export function LanguageChoice() {
  const own = currentLocale().split("-")[0];
  return (
    <nav class="spread" aria-label={t("Language")}>
      <span>{t("Language")}</span>
      <span class="row">
        {LANGUAGES.map(([code, name]) => (
          <a key={code} class="button" lang={code} data-language={code} aria-current={code === own ? "true" : undefined} href={`/driver/?lang=${code}`}>
            {name}
          </a>
        ))}
      </span>
    </nav>
  );
}
