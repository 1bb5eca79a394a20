/** Lamp and zoom, for cameras that have them. */
import { useEffect, useState } from "preact/hooks";
import type { Camera } from "../lib/camera";
import { t } from "../lib/i18n";

/** The switch of the lamp. A camera that was opened again has it off. */
export function TorchButton({ camera }: { camera: Camera | null }) {
  const [isOn, setOn] = useState(false);
  useEffect(() => setOn(false), [camera]);
  if (!camera?.hasTorch) return null;
  const turn = async (): Promise<void> => {
    const wanted = !isOn;
    if (await camera.setTorch(wanted)) setOn(wanted);
  };
  return (
    <button type="button" class="button scan-torch" data-action="torch" aria-pressed={isOn} onClick={() => void turn()}>
      {t("Light")}
    </button>
  );
}

/** The zoom; its level stays when the camera is opened again. */
export function ZoomSlider({ camera }: { camera: Camera | null }) {
  const [level, setLevel] = useState<number | null>(null);
  const range = camera?.zoom ?? null;
  useEffect(() => {
    if (camera?.zoom && level !== null) void camera.setZoom(level);
  }, [camera, level]);
  if (!range) return null;
  const shown = level ?? range.min;
  return (
    <label class="scan-zoom">
      <span>{t("Zoom")}</span>
      <input
        type="range"
        min={range.min}
        max={range.max}
        step={range.step}
        value={shown}
        aria-valuetext={t("{factor} times", { factor: (shown / range.min).toFixed(1) })}
        onInput={(event) => setLevel(Number(event.currentTarget.value))}
      />
    </label>
  );
}
