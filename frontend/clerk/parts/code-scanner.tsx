/** The tablet's camera, looking for one QR code. */
import { useEffect } from "preact/hooks";
import { t } from "../../lib/i18n";
import { TorchButton, ZoomSlider } from "../../scan/camera-controls";
import { useScanner } from "../../scan/use-scanner";
import { problemFor } from "../problems";
import { feedback } from "./feedback";

interface Props {
  onText: (text: string) => void;
  /** Absent where the page has a way back of its own. */
  onClose?: () => void;
  closeWords?: string;
  /** What to do where there is no camera. */
  otherwise?: string;
}

export function CodeScanner({ onText, onClose, closeWords, otherwise }: Props) {
  const { video, status, camera, retry } = useScanner(onText);
  const isFaulty = status !== "opening" && status !== "running";
  useEffect(() => feedback.prepare(), []);
  return (
    <div class="scan stack stack-tight" data-scan={status === "opening" ? "opening" : "looking"}>
      <div class="scan-window" hidden={isFaulty}>
        <video ref={video} class="scan-picture" muted playsInline aria-label={t("Picture of the camera")} />
        {status === "opening" && <p class="scan-opening" role="status">{t("Opening the camera. Allow it if the browser asks.")}</p>}
      </div>
      {isFaulty && (
        <div class="banner" data-tone="warn" role="alert" data-problem={status}>
          <p>{problemFor(status).title}</p>
          <p>{problemFor(status).detail} {otherwise ?? t("Type the code instead.")}</p>
          <p class="code">{status}</p>
        </div>
      )}
      <TorchButton camera={camera} />
      <ZoomSlider camera={camera} />
      {isFaulty && status !== "insecure_page" && (
        <button type="button" class="button button-wide" onClick={retry}>{t("Try the camera again")}</button>
      )}
      {onClose && (
        <button type="button" class="button button-wide" onClick={onClose}>
          {closeWords ?? (isFaulty ? t("Close") : t("Stop the camera"))}
        </button>
      )}
    </div>
  );
}
