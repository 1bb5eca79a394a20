/** The tablet's camera, looking for one QR code. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { CameraFault } from "../../lib/camera";
import { t } from "../../lib/i18n";
import { problemFor } from "../../lib/problems";
import { startScanner } from "../../lib/scanner";

export function CodeScanner({ onText, onClose }: { onText: (text: string) => void; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [fault, setFault] = useState<CameraFault | null>(null);
  useEffect(() => {
    const scanner = startScanner({ video: video.current!, onText, onFault: setFault });
    return () => scanner.close();
  }, []);
  return (
    <div class="stack stack-tight">
      {fault === null ? (
        <video class="scan-view" ref={video} muted playsInline aria-label={t("Picture of the camera")} />
      ) : (
        <div class="banner" data-tone="warn" role="alert">
          <p>{problemFor(fault).title}</p>
          <p>{problemFor(fault).detail} {t("Type the code instead.")}</p>
        </div>
      )}
      <button type="button" class="button button-wide" onClick={onClose}>{t("Stop the camera")}</button>
    </div>
  );
}
