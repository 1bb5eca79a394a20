/** The camera for a photo, in the page: the phone may end a page that stands behind its own camera. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type CameraFault, openCamera } from "../../lib/camera";
import { startFeed } from "../../lib/camera-feed";
import { t } from "../../lib/i18n";
import { problemFor } from "../../scan/problems";
import { useCamera } from "../../scan/use-camera";
import { PHOTO_SIZE, frameOf } from "../photo";
import { Action } from "./button";
import { CameraView } from "./camera-view";
import { feedback } from "./feedback";
import { OwnCamera } from "./own-camera";
import { ProblemBanner } from "./problem";

interface PhotoCameraProps {
  title: string;
  /** What the photo has to show. */
  hint: string;
  /** The shutter was pressed. */
  onPhoto: (photo: Blob) => Promise<void>;
  onClose: () => void;
  /** The phone's own camera was used instead; null: it gave no picture that can be read. */
  onFile: (photo: Blob | null) => Promise<void>;
  children?: ComponentChildren;
}

const openForPhoto = () => openCamera(undefined, PHOTO_SIZE);

export function PhotoCamera({ title, hint, onPhoto, onFile, onClose, children }: PhotoCameraProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const release = useRef<HTMLDivElement>(null);
  const { video, status, camera, retry } = useCamera(async () => (target, told) => startFeed({ video: target, open: openForPhoto, ...told }));
  const isFaulty = status !== "opening" && status !== "running";

  // Both hands are full: one press of a key, a switch or a headset's button takes the photo.
  useEffect(() => {
    if (status === "running" && document.activeElement === heading.current) release.current?.querySelector("button")?.focus();
  }, [status]);

  async function take(): Promise<void> {
    // While the page comes back from behind another, the camera is being opened again.
    const photo = await frameOf(video.current!);
    if (!photo) return;
    feedback.good();
    await onPhoto(photo);
  }

  const tryAgain = (): void => {
    // The button goes with the fault.
    heading.current?.focus();
    retry();
  };
  return (
    <CameraView title={title} heading={heading} look={isFaulty ? "fault" : status === "opening" ? "opening" : "looking"} video={video} camera={camera} isWhole onClose={onClose}>
      <div class="scan-said">
        <div aria-live="assertive">{isFaulty && <ProblemBanner problem={{ ...problemFor(status), next_step: wayOn(status) }} />}</div>
        {!isFaulty && <p role="status">{status === "opening" ? t("Opening the camera. Allow it if the browser asks.") : hint}</p>}
      </div>
      {!isFaulty && (
        <div ref={release} class="shutter">
          <Action name="shutter" isWide busy={t("Keeping the photo")} isDisabled={status === "opening"} onTap={take}>
            {t("Take the photo")}
          </Action>
        </div>
      )}
      {children}
      <OwnCamera isMain={isFaulty} onPhoto={onFile} />
      {isFaulty && status !== "insecure_page" && (
        <button type="button" class="button button-wide" data-action="retry" onClick={tryAgain}>
          {t("Try the camera again")}
        </button>
      )}
    </CameraView>
  );
}

/** A door has no short code to type. */
function wayOn(fault: CameraFault): string {
  if (fault === "camera_refused") return t("Allow the camera in the browser’s settings for this page, or take the photo with the phone’s own camera.");
  if (fault === "insecure_page") return t("Open the https address, or take the photo with the phone’s own camera.");
  return t("Take the photo with the phone’s own camera.");
}
