/** A place from a map app or the customer: two numbers, a link or a plus code. */
import { useState } from "preact/hooks";
import type { Point } from "../../lib/api";
import { t } from "../../lib/i18n";
import { placeIn } from "../../lib/place-text";
import { useDeskState } from "../desk";
import { TextField } from "./fields";

const LONGEST = 2_000;

export function PlacePaste({ onPlace }: { onPlace: (point: Point) => void }) {
  const { store } = useDeskState();
  const [text, setText] = useState("");
  const [error, setError] = useState("");

  function read(typed: string): void {
    setText(typed);
    const found = placeIn(typed, store);
    if ("point" in found) onPlace(found.point);
    // A text that is still being typed is no mistake: it is judged when the field is left.
    setError(!("point" in found) && found.reason === "short_link" ? t("This short link hides the place. Open it, then copy the two numbers or the long link.") : "");
  }

  function judge(): void {
    const found = placeIn(text, store);
    if (text.trim() && !("point" in found) && found.reason === "unreadable") {
      setError(t("There is no place in this text. Paste a link from a map app, or two numbers such as {example}.", { example: exampleOf(store) }));
    }
  }

  return (
    <TextField name="place" label={t("Link or coordinates from a map app, if you have them")} value={text} limit={LONGEST}
      errors={error ? { place: error } : {}} hint={t("For example {example}, a Google or Apple Maps link, or a plus code.", { example: exampleOf(store) })}
      onChange={read} onLeave={judge} />
  );
}

function exampleOf({ lat, lon }: Point): string {
  return `${lat.toFixed(4)}, ${lon.toFixed(4)}`;
}
