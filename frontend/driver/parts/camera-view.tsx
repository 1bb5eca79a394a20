/** The frame of a full-screen camera: the picture with its switches above, words and ways on below. */
import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { Camera } from "../../lib/camera";
import { t } from "../../lib/i18n";
import { TorchButton } from "../../scan/camera-controls";
import type { Filming } from "../../scan/use-camera";
import { announcement } from "../state";

interface CameraViewProps {
  title: string;
  /** Takes the focus when the camera opens. */
  heading: RefObject<HTMLHeadingElement | null>;
  /** `fault` takes the picture away. */
  look: "fault" | "opening" | "looking" | "checking";
  video: Filming<unknown>["video"];
  camera: Camera | null;
  /** Every pixel of the picture is in sight; else it fills its window, and its middle counts. */
  isWhole?: boolean;
  /** Further switches beside the lamp's. */
  switches?: ComponentChildren;
  onClose: () => void;
  children: ComponentChildren;
}

export function CameraView({ title, heading, look, video, camera, isWhole = false, switches, onClose, children }: CameraViewProps) {
  useLayoutEffect(() => {
    document.title = `${title} · Mallrun`;
    announcement.value = null;
    heading.current?.focus();
  }, []);
  return (
    <div class="scan" data-scan={look}>
      <div class="scan-window">
        <video ref={video} class={isWhole ? "scan-picture scan-whole" : "scan-picture"} muted playsInline aria-hidden="true" />
        {look !== "fault" && look !== "opening" && !isWhole && <div class="scan-frame" aria-hidden="true" />}
        <div class="scan-top">
          <button type="button" class="button" data-action="back" onClick={onClose}>
            {t("Back")}
          </button>
          <TorchButton camera={camera} />
          {switches}
        </div>
      </div>
      <div class="scan-foot stack">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </div>
    </div>
  );
}
