/** The tablet's camera, looking for one QR code. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { CameraFault } from "../../lib/camera";
import { t } from "../../lib/i18n";
import { problemFor } from "../../lib/problems";
import { startScanner } from "../../lib/scanner";

interface Props {
  onText: (text: string) => void;
  onClose: () => void;
  closeWords?: string;
  /** What to do where there is no camera. */
  otherwise?: string;
}

export function CodeScanner({ onText, onClose, closeWords, otherwise }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const latest = useRef(onText);
  latest.current = onText;
  const [fault, setFault] = useState<CameraFault | null>(null);
  useEffect(() => {
    const scanner = startScanner({ video: video.current!, onText: (text) => latest.current(text), onFault: setFault });
    return () => scanner.close();
  }, []);
  return (
    <div class="stack stack-tight">
      {fault === null ? (
        <video class="scan-view" ref={video} muted playsInline aria-label={t("Picture of the camera")} />
      ) : (
        <div class="banner" data-tone="warn" role="alert">
          <p>{problemFor(fault).title}</p>
          <p>{problemFor(fault).detail} {otherwise ?? t("Type the code instead.")}</p>
          <p class="code">{fault}</p>
        </div>
      )}
      <button type="button" class="button button-wide" onClick={onClose}>{closeWords ?? t("Stop the camera")}</button>
    </div>
  );
}
