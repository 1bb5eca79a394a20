/** At the door: a photo of the parcels, looked at before it counts. */
import { t } from "../../lib/i18n";
import { problemFor } from "../../scan/problems";
import type { DropoffStop, Run } from "../api";
import { back, goHome } from "../navigation";
import { Action } from "../parts/button";
import { useApp } from "../parts/context";
import { useOutcome } from "../parts/outcome";
import { PhotoCamera } from "../parts/photo-camera";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { useStill } from "../parts/still";
import type { Route } from "../route";

export function PhotoScreen({ stop, run }: { stop: DropoffStop; run: Run }) {
  const { commands } = useApp();
  const { problem, take } = useOutcome();
  const { still, keep, erase } = useStill(stop.id);
  const { delivery } = stop;
  const name = delivery.recipient_first_name;
  const parent: Route = { name: "stop", stopId: stop.id, page: "here" };

  async function send(photo: Blob): Promise<void> {
    const outcome = await commands.deliverWithPhoto(stop, run, photo);
    if (!take(outcome, t("Delivered to {name}", { name }))) return;
    goHome();
    await erase();
  }

  async function retake(): Promise<void> {
    problem.value = null;
    await erase();
  }

  async function choose(photo: Blob | null): Promise<void> {
    problem.value = photo ? null : problemFor("photo_unreadable");
    if (photo) await keep(photo);
  }

  const taken = still.value;
  if (taken === undefined) return null;
  if (taken === null) {
    return (
      <PhotoCamera
        title={delivery.leave_at_door ? t("Photograph the parcels at the door") : t("Photograph the handover")}
        hint={t("Show the parcels and the door or the house number. Leave people’s faces out. {name} will see the photo.", { name })}
        onPhoto={keep}
        onFile={choose}
        onClose={() => back(parent)}
      >
        {problem.value && <ProblemBanner problem={problem.value} isAlert />}
      </PhotoCamera>
    );
  }
  const bar = (
    <>
      <Action name="retake" tone="plain" busy={t("Opening")} onTap={retake}>
        {t("Take it again")}
      </Action>
      <Action name="send-photo" busy={t("Saving")} onTap={() => send(taken.photo)}>
        {t("Deliver with this photo")}
      </Action>
    </>
  );
  return (
    <Screen title={t("Check the photo")} parent={parent} bar={bar}>
      {problem.value && <ProblemBanner problem={problem.value} isAlert />}
      <img class="photo-preview" src={taken.address} alt={t("The photo you took")} />
      <p>{t("The parcels and the door or the house number must be in it, and nobody’s face. {name} will see it.", { name })}</p>
      {taken.isKept ? (
        <p class="muted">{t("It is kept on this phone until you use it or take it again.")}</p>
      ) : (
        <p class="banner" data-tone="warn" role="alert">
          {t("The photo could not be kept on this phone. Use it now, before you leave this page.")}
        </p>
      )}
    </Screen>
  );
}
