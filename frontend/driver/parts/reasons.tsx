/** A choice of reasons, one radio button each. */
interface ReasonsProps<Reason extends string> {
  legend: string;
  reasons: readonly (readonly [Reason, string])[];
  chosen: Reason | null;
  onChoose: (reason: Reason) => void;
}

export function Reasons<Reason extends string>({ legend, reasons, chosen, onChoose }: ReasonsProps<Reason>) {
  return (
    <fieldset class="stack stack-tight">
      <legend>{legend}</legend>
      <div class="choices">
        {reasons.map(([value, label]) => (
          <label key={value}>
            <input type="radio" name="reason" value={value} checked={chosen === value} onChange={() => onChoose(value)} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
