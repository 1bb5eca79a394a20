/** Zoom, where the camera has one. */
import { useEffect, useState } from "preact/hooks";
import { t } from "../../lib/i18n";

type ZoomRange = { min: number; max: number; step: number };

export function ZoomControl({ stream }: { stream: MediaStream | null }) {
  const [level, setLevel] = useState(1);
  const track = stream?.getVideoTracks()[0];
  const range = (track?.getCapabilities?.() as { zoom?: ZoomRange } | undefined)?.zoom;
  useEffect(() => {
    if (!track || !range) return;
    // Some cameras announce a zoom and then refuse it; scanning goes on without.
    void track.applyConstraints({ advanced: [{ zoom: level } as MediaTrackConstraintSet] }).catch(() => undefined);
  }, [track, level]);
  if (!range || range.max <= range.min) return null;
  return (
    <label class="scan-zoom">
      <span>{t("Zoom")}</span>
      <input
        type="range"
        min={range.min}
        max={range.max}
        step={range.step || 0.1}
        value={level}
        onInput={(event) => setLevel(Number(event.currentTarget.value))}
      />
    </label>
  );
}
