/** Whoever comes to the tablet next may read another language. */
import { currentLocale, t } from "../../lib/i18n";
import { LANGUAGES } from "../../lib/languages";

export function LanguageChoice() {
  const own = currentLocale().split("-")[0];
  return (
    <nav class="row languages" aria-label={t("Language")}>
      {LANGUAGES.map(([code, name]) => (
        <a key={code} class="button button-quiet button-small" lang={code} hreflang={code} href={`/desk/?lang=${code}`}
          aria-current={code === own ? "true" : undefined}>{name}</a>
      ))}
    </nav>
  );
}
