/** Form fields with label, hint and error tied together. */
import type { ComponentChildren } from "preact";
import type { FieldErrors } from "../draft";

interface Common {
  name: string;
  label: string;
  hint?: string;
  errors: FieldErrors;
}

interface TextProps extends Common {
  value: string;
  limit: number;
  onChange: (value: string) => void;
  onLeave?: () => void;
  inputMode?: "decimal" | "tel" | "text";
}

/** The ids that describe a field, for `aria-describedby`. */
export function describedBy({ name, hint, errors }: Pick<Common, "name" | "hint" | "errors">): string | undefined {
  const ids = [hint ? `${name}-hint` : "", errors[name] ? `${name}-error` : ""].filter(Boolean);
  return ids.length > 0 ? ids.join(" ") : undefined;
}

export function Hints({ name, hint, errors }: Pick<Common, "name" | "hint" | "errors">) {
  return (
    <>
      {hint && <p class="hint" id={`${name}-hint`}>{hint}</p>}
      {errors[name] && <p class="field-error" id={`${name}-error`}>{errors[name]}</p>}
    </>
  );
}

export function TextField(props: TextProps) {
  const { name, label, value, limit, onChange, onLeave, errors, inputMode = "text" } = props;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} type="text" value={value} maxLength={limit} autocomplete="off" inputMode={inputMode}
        aria-invalid={errors[name] !== undefined} aria-describedby={describedBy(props)}
        onInput={(event) => onChange(event.currentTarget.value)} onBlur={onLeave} />
      <Hints {...props} />
    </div>
  );
}

/** A time of day, `"14:05"` or empty. */
export function TimeField({ name, label, value, onChange }: { name: string; label: string; value: string; onChange: (value: string) => void }) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} type="time" value={value} onInput={(event) => onChange(event.currentTarget.value)} />
    </div>
  );
}

interface ChoiceProps extends Common {
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChange: (value: string) => void;
  isInline?: boolean;
  children?: ComponentChildren;
}

export function ChoiceField(props: ChoiceProps) {
  const { name, label, value, options, onChange, isInline, children } = props;
  return (
    <fieldset class="field" id={name} tabIndex={-1} aria-describedby={describedBy(props)}>
      <legend>{label}</legend>
      <div class={isInline ? "choices choices-inline" : "choices"} data-count={options.length}>
        {options.map(([option, words]) => (
          <label key={option}>
            <input type="radio" name={name} value={option} checked={value === option} onChange={() => onChange(option)} /> {words}
          </label>
        ))}
      </div>
      {children}
      <Hints {...props} />
    </fieldset>
  );
}
