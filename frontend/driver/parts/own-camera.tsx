/** The phone's own camera, through the browser's way of choosing a file: where the page may not have one itself. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { t } from "../../lib/i18n";
import { downscale } from "../photo";
import { Action } from "./button";

interface OwnCameraProps {
  /** There is no other way to take a photo. */
  isMain: boolean;
  /** Null: the file is no picture that this phone can read. */
  onPhoto: (photo: Blob | null) => Promise<void>;
}

export function OwnCamera({ isMain, onPhoto }: OwnCameraProps) {
  const input = useRef<HTMLInputElement>(null);
  const isReading = useSignal(false);

  async function look(file: File | undefined): Promise<void> {
    if (!file) return;
    isReading.value = true;
    await onPhoto(await downscale(file));
    isReading.value = false;
  }

  return (
    <>
      <label class="visually-hidden" for="photo">
        {t("Photo")}
      </label>
      <input
        ref={input}
        id="photo"
        class="visually-hidden"
        type="file"
        accept="image/*"
        capture="environment"
        tabIndex={-1}
        onChange={(event) => {
          void look(event.currentTarget.files?.[0]);
          // The same file chosen again is a change too.
          event.currentTarget.value = "";
        }}
      />
      <Action name="own-camera" tone={isMain ? "primary" : "quiet"} isWide busy={t("Opening")} onTap={() => input.current?.click()}>
        {isReading.value ? t("Reading the photo") : t("Use the phone’s own camera")}
      </Action>
    </>
  );
}
