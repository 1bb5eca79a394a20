/** The street, with real addresses suggested while it is typed. Source of the keys: WAI-ARIA combobox pattern 1.2. */
import { useEffect, useRef, useState } from "preact/hooks";
import { t, tn } from "../../lib/i18n";
import type { PlaceHit } from "../api";
import { useDesk } from "../desk";
import { type FieldErrors, LIMITS } from "../draft";
import { describedBy, Hints } from "./fields";
import { guessWords } from "./point-picker";

interface Props {
  value: string;
  errors: FieldErrors;
  onChange: (street: string) => void;
  onPick: (hit: PlaceHit) => void;
}

const ASK_AFTER_MS = 200;
const SHORTEST_QUERY = 3;

export function StreetCombobox({ value, errors, onChange, onPick }: Props) {
  const [hits, setHits] = useState<readonly PlaceHit[]>([]);
  const [active, setActive] = useState(-1);
  const { search, stop, isUnreachable, isUnknown } = useSuggestions(setHits);
  const isOpen = hits.length > 0;
  const known = isUnknown ? t("This address is not among those we know. Type it in full, and set the door on the map.") : t("Choose a suggestion where there is one: it sets the point on the map.");
  const hint = isUnreachable ? t("No suggestions without a connection. Type the address and set the point on the map.") : known;

  function close(): void {
    stop();
    setHits([]);
    setActive(-1);
  }

  function pick(hit: PlaceHit): void {
    close();
    onPick(hit);
  }

  function onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && isOpen) setActive((active + step + hits.length + (active < 0 && step < 0 ? 1 : 0)) % hits.length);
    else if (event.key === "Enter" && hits[active]) pick(hits[active]!);
    else if (event.key === "Escape" && isOpen) close();
    else return;
    event.preventDefault();
  }

  return (
    <div class="field combobox">
      <label for="street">{t("Street and number")}</label>
      <input id="street" name="street" role="combobox" value={value} maxLength={LIMITS.street} autocomplete="off" spellcheck={false}
        aria-expanded={isOpen} aria-controls="street-options" aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? `street-option-${active}` : undefined}
        aria-invalid={errors.street !== undefined} aria-describedby={describedBy({ name: "street", hint, errors })}
        onKeyDown={onKey} onBlur={close} onInput={(event) => {
          onChange(event.currentTarget.value);
          setActive(-1);
          search(event.currentTarget.value);
        }} />
      <ul class="options" id="street-options" role="listbox" aria-label={t("Suggested addresses")} hidden={!isOpen}>
        {hits.map((hit, at) => (
          // The press must not take the focus from the field, or the list would close before the click.
          <li key={`${hit.lat} ${hit.lon} ${hit.street}`} id={`street-option-${at}`} role="option" aria-selected={at === active}
            onPointerDown={(event) => event.preventDefault()} onClick={() => pick(hit)}>
            <strong>{hit.street}</strong> <span class="muted">{[hit.city, hit.postal_code].filter(Boolean).join(" ")}</span>
            {hit.near.length > 0 && <span class="option-note">{guessWords(hit)}</span>}
          </li>
        ))}
      </ul>
      <p class="visually-hidden" role="status">{isOpen ? tn("{n} suggestion", "{n} suggestions", hits.length) : ""}</p>
      <Hints name="street" hint={hint} errors={errors} />
    </div>
  );
}

/** Ask for suggestions a moment after the last key; an answer that was overtaken is dropped. */
function useSuggestions(onHits: (hits: readonly PlaceHit[]) => void) {
  const desk = useDesk();
  const [isUnreachable, setUnreachable] = useState(false);
  const [isUnknown, setUnknown] = useState(false);
  const turn = useRef(0);
  const cancel = useRef<() => void>(() => undefined);

  function stop(): void {
    turn.current += 1;
    cancel.current();
  }

  function search(query: string): void {
    stop();
    const mine = turn.current;
    if (query.trim().length < SHORTEST_QUERY) {
      setUnknown(false);
      return onHits([]);
    }
    cancel.current = desk.clock.after(ASK_AFTER_MS, () => {
      void desk.http.get<PlaceHit[]>(`/places?q=${encodeURIComponent(query.trim())}`).then((answer) => {
        if (mine !== turn.current) return;
        setUnreachable(answer.status === "unreachable");
        setUnknown(answer.status === "fresh" && answer.value.length === 0);
        onHits(answer.status === "fresh" ? answer.value : []);
      });
    });
  }

  useEffect(() => stop, []);
  return { search, stop, isUnreachable, isUnknown };
}
