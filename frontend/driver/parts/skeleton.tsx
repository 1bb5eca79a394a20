/** Grey lines where content will be; a screen reader hears that it is loading. */
import { t } from "../../lib/i18n";

export function Skeleton() {
  return (
    <div class="stack" role="status">
      <span class="visually-hidden">{t("Loading")}</span>
      <div class="card stack" aria-hidden="true">
        <div class="skeleton skeleton-title" />
        <div class="skeleton" />
        <div class="skeleton skeleton-short" />
      </div>
      <div class="card stack" aria-hidden="true">
        <div class="skeleton skeleton-title" />
        <div class="skeleton" />
      </div>
    </div>
  );
}
