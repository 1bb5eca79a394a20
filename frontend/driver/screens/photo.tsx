/** At the door: a photo of the parcels, looked at before it counts. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../lib/i18n";
import { problemFor } from "../../scan/problems";
import type { DropoffStop, Run } from "../api";
import { goHome } from "../navigation";
import { Action } from "../parts/button";
import { useApp } from "../parts/context";
import { useOutcome } from "../parts/outcome";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { downscale } from "../photo";

interface Taken {
  photo: Blob;
  address: string;
}

export function PhotoScreen({ stop, run }: { stop: DropoffStop; run: Run }) {
  const { commands } = useApp();
  const { problem, take } = useOutcome();
  const taken = useSignal<Taken | null>(null);
  const isReading = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const { delivery } = stop;
  const name = delivery.recipient_first_name;

  const keep = (next: Taken | null): void => {
    if (taken.value) URL.revokeObjectURL(taken.value.address);
    taken.value = next;
  };
  useEffect(() => () => keep(null), []);

  async function look(file: File | undefined): Promise<void> {
    if (!file) return;
    isReading.value = true;
    const photo = await downscale(file);
    isReading.value = false;
    problem.value = photo ? null : problemFor("photo_unreadable");
    keep(photo && { photo, address: URL.createObjectURL(photo) });
  }

  async function send(): Promise<void> {
    if (!taken.value) return;
    const outcome = await commands.deliverWithPhoto(stop, run, taken.value.photo);
    if (take(outcome, t("Delivered to {name}", { name }))) goHome();
  }

  const open = (): void => input.current?.click();
  const bar = taken.value ? (
    <>
      <button type="button" class="button" data-action="retake" onClick={open}>
        {t("Take it again")}
      </button>
      <Action name="send-photo" busy={t("Saving")} onTap={send}>
        {t("Deliver with this photo")}
      </Action>
    </>
  ) : (
    <Action name="open-camera" busy={t("Opening")} onTap={open}>
      {isReading.value ? t("Reading the photo") : t("Open the camera")}
    </Action>
  );
  return (
    <Screen title={delivery.leave_at_door ? t("Photograph the parcels at the door") : t("Photograph the handover")} parent={{ name: "stop", stopId: stop.id, page: "here" }} bar={bar}>
      {problem.value && <ProblemBanner problem={problem.value} isAlert />}
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
      {taken.value ? (
        <img class="photo-preview" src={taken.value.address} alt={t("The photo you took")} />
      ) : (
        <p>{t("Show the parcels and the door or the house number. Leave people’s faces out. {name} will see the photo.", { name })}</p>
      )}
    </Screen>
  );
}
