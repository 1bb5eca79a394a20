/** What the two sides of a handover do not agree on, in words, with what to do now. */
import { t } from "../../lib/i18n";
import { useDeskState } from "../desk";

export function IncidentList() {
  const { incidents, to_pack, ready, gone } = useDeskState();
  if (incidents.length === 0) return null;
  const names = new Map([...to_pack, ...ready, ...gone].map(({ handle, recipient_first_name }) => [handle, recipient_first_name]));
  return (
    <section aria-labelledby="incidents" class="stack stack-tight">
      <h2 id="incidents">{t("Needs a look")} <span class="muted number">{incidents.length}</span></h2>
      <ul class="tiles">
        {incidents.map(({ id, kind, handle, title, detail, next_step }) => (
          <li key={id} class="banner" data-tone="warn" data-incident={kind}>
            <p>{names.has(handle) ? t("{name}: {what}", { name: names.get(handle)!, what: title }) : title}</p>
            <p>{detail} {next_step}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
