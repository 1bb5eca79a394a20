/** At a door: the photo that was taken before the page was closed, and not used yet. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../../lib/i18n";
import type { DropoffStop } from "../api";
import { hrefOf } from "../route";
import { hasStill } from "../stills";
import { useApp } from "./context";

export function KeptStill({ stop }: { stop: DropoffStop }) {
  const { keeping } = useApp();
  const isThere = useSignal(false);
  useEffect(() => {
    void hasStill(keeping, stop.id).then((has) => (isThere.value = has));
  }, []);
  return (
    <div role="status">
      {isThere.value && (
        <div class="banner" data-banner="still">
          <p>{t("Your photo of this door is kept on this phone")}</p>
          <p>{t("It is not sent: nothing is delivered yet.")}</p>
          <a class="button" data-action="still" href={hrefOf({ name: "stop", stopId: stop.id, page: "photo" })}>
            {t("Check the photo")}
          </a>
        </div>
      )}
    </div>
  );
}
