/** The door on the map: found by the address or a pasted place, corrected with a tap or the arrow keys, said in words. */
import { useEffect, useRef, useState } from "preact/hooks";
import { distance } from "../../lib/format";
import { t } from "../../lib/i18n";
import { type MountedPicker, mountPicker } from "../../lib/map-picker";
import type { PlaceHit } from "../api";
import { useDeskState } from "../desk";
import { metresBetween, whereFrom } from "../distance";
import type { DeliveryDraft, FieldErrors } from "../draft";
import { describedBy, Hints } from "./fields";
import { useKnownAround } from "./known-around";
import { PlacePaste } from "./place-paste";

/** Ten miles, as the server checks. It draws the circle and warns early: the server's answer counts. */
const DELIVERED_WITHIN_M = 16_093.4;
/** Nearer than this, the door is the known one; farther than that, a known one says nothing. */
const SAME_PLACE_M = 40;
const FAR_M = 5_000;

type Point = NonNullable<DeliveryDraft["point"]>;

interface Props {
  point: Point | null;
  /** The suggestion that the point was taken from, while it is only a guess. */
  guess: PlaceHit | null;
  errors: FieldErrors;
  onPick: (point: Point) => void;
}

export function PointPicker({ point, guess, errors, onPick }: Props) {
  const { store } = useDeskState();
  const element = useRef<HTMLDivElement>(null);
  const picker = useRef<MountedPicker | null>(null);
  const picked = useRef<Point | null>(point);
  const [isMissing, setMissing] = useState(false);
  const known = useKnownAround(point ?? store);
  const hint = t("Tap the map to set the door: each tap comes closer. Keys: arrows move it, + and − zoom.");
  const home = { lat: store.lat, lon: store.lon, label: store.name };

  useEffect(() => {
    let isGone = false;
    const onMoved = (moved: Point): void => {
      picked.current = moved;
      onPick(moved);
    };
    const options = { rangeM: DELIVERED_WITHIN_M, store: home, start: point, label: t("Door"), onPick: onMoved };
    void mountPicker(element.current!, options).then((mounted) => {
      if (isGone) return mounted?.destroy();
      picker.current = mounted;
      setMissing(mounted === null);
      if (picked.current) mounted?.moveTo(picked.current);
      mounted?.addKnown(known.current);
    });
    return () => {
      isGone = true;
      picker.current?.destroy();
    };
  }, []);

  useEffect(() => picker.current?.addKnown(known.all), [known.all]);

  useEffect(() => {
    if (point?.lat === picked.current?.lat && point?.lon === picked.current?.lon) return;
    picked.current = point;
    picker.current?.moveTo(point);
  }, [point]);

  return (
    <div class="field">
      <p class="strong" id="point-label">{t("Where the door is")}</p>
      <PlacePaste onPlace={onPick} />
      <div class="point-map" id="point" ref={element} role="application" aria-labelledby="point-label"
        aria-describedby={`point-words ${describedBy({ name: "point", hint, errors })}`} />
      {isMissing && <p class="hint">{t("The map cannot be drawn now. Choose a suggested address or paste a place instead.")}</p>}
      <div id="point-words" role="status">{point && <PointWords point={point} guess={guess} store={home} known={known.all} />}</div>
      <Hints name="point" hint={hint} errors={errors} />
    </div>
  );
}

interface WordsProps {
  point: Point;
  guess: PlaceHit | null;
  store: Point & { label: string };
  known: readonly (Point & { label: string })[];
}

/** What the pin means, so that somebody who knows the town can say yes or no. */
function PointWords({ point, guess, store, known }: WordsProps) {
  const metres = (place: Point): number => metresBetween(place, point);
  const nearest = known.reduce<WordsProps["known"][number] | null>((best, place) => (best && metres(best) <= metres(place) ? best : place), null);
  return (
    <>
      <p>{t("The door is {where}.", { where: whereFrom(store, point) })}</p>
      {nearest && metres(nearest) < FAR_M && (
        <p>{metres(nearest) < SAME_PLACE_M
          ? t("It is at {street}.", { street: nearest.label })
          : t("That is {where}, the nearest address we know.", { where: whereFrom(nearest, point) })}</p>
      )}
      {guess && <p class="evidence evidence-weak">{guessWords(guess)} {t("Move the pin to the door if you know better.")}</p>}
      {metres(store) > DELIVERED_WITHIN_M && (
        <p class="field-error">{t("This is too far: we deliver within {limit} of the store.", { limit: distance(DELIVERED_WITHIN_M) })}</p>
      )}
    </>
  );
}

/** What a guessed point was made from. */
export function guessWords({ near }: PlaceHit): string {
  const [one = "", other] = near;
  return other ? t("Guessed between {one} and {other}.", { one, other }) : t("This is where {street} stands.", { street: one });
}
