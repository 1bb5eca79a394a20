/** The door on the map: found by the address, corrected with a tap or the arrow keys. */
import { useEffect, useRef, useState } from "preact/hooks";
import { distance } from "../../lib/format";
import { t } from "../../lib/i18n";
import { type MountedPicker, mountPicker } from "../../lib/map-picker";
import { useDeskState } from "../desk";
import { metresBetween } from "../distance";
import type { DeliveryDraft, FieldErrors } from "../draft";
import { describedBy, Hints } from "./fields";

/** Ten miles, as the server checks. It only draws the circle: the server's answer counts. */
const DELIVERED_WITHIN_M = 16_093;

type Point = NonNullable<DeliveryDraft["point"]>;

interface Props {
  point: Point | null;
  errors: FieldErrors;
  onPick: (point: Point) => void;
}

export function PointPicker({ point, errors, onPick }: Props) {
  const { store } = useDeskState();
  const element = useRef<HTMLDivElement>(null);
  const picker = useRef<MountedPicker | null>(null);
  const picked = useRef<Point | null>(point);
  const [isMissing, setMissing] = useState(false);
  const hint = point
    ? t("The door is {distance} from the store. Tap the map to move it, or use the arrow keys.", { distance: distance(metresBetween(store, point)) })
    : t("Tap the door on the map, or use the arrow keys.");

  useEffect(() => {
    let isGone = false;
    const onMoved = (moved: Point): void => {
      picked.current = moved;
      onPick(moved);
    };
    const options = { rangeM: DELIVERED_WITHIN_M, store: { lat: store.lat, lon: store.lon, label: store.name }, start: point ?? store, label: t("Door"), onPick: onMoved };
    void mountPicker(element.current!, options).then((mounted) => {
      if (isGone) return mounted?.destroy();
      picker.current = mounted;
      setMissing(mounted === null);
      if (picked.current) mounted?.moveTo(picked.current);
    });
    return () => {
      isGone = true;
      picker.current?.destroy();
    };
  }, []);

  useEffect(() => {
    if (!point || (point.lat === picked.current?.lat && point.lon === picked.current?.lon)) return;
    picked.current = point;
    picker.current?.moveTo(point);
  }, [point]);

  return (
    <div class="field">
      <p class="strong" id="point-label">{t("Point on the map")}</p>
      <div class="point-map" id="point" ref={element} role="application" aria-labelledby="point-label"
        aria-describedby={describedBy({ name: "point", hint, errors })} />
      {isMissing && <p class="hint">{t("The map cannot be drawn now. Choose a suggested address instead.")}</p>}
      <Hints name="point" hint={hint} errors={errors} />
    </div>
  );
}
