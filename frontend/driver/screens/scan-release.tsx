/** Scanning the code on a store's tablet: judged on the phone first, then kept and sent. */
import { useSignal } from "@preact/signals";
import type { Problem } from "../../lib/api";
import { parcels } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import { problemFor } from "../../lib/problems";
import type { PickupStop, Run } from "../api";
import type { Outcome } from "../commands";
import { judgeRelease } from "../judging";
import { back, goHome } from "../navigation";
import { useApp } from "../parts/context";
import { Screen } from "../parts/screen";
import { ScanView } from "../parts/scan-view";
import { type Route, hrefOf } from "../route";
import { phone, progressOf } from "../state";
import { countParcels, remainingAt } from "../steps";

interface Collected {
  count: number;
  left: number;
  total: number;
  isQueued: boolean;
}

export function ScanRelease({ stop, run }: { stop: PickupStop; run: Run }) {
  const { commands, clock } = useApp();
  const collected = useSignal<Collected | null>(null);
  const { mark } = progressOf(stop);
  const parent: Route = { name: "stop", stopId: stop.id, page: "here" };

  async function read(text: string): Promise<Problem | null> {
    const { kid } = phone.value;
    if (kid === null) return unknownPhone();
    const usedNonces = new Set(await commands.usedNonces());
    const judged = await judgeRelease(text, { stop, run, mark, myKid: kid, nowS: clock.now() / 1_000, usedNonces });
    if ("problem" in judged) return judged.problem;
    const given = new Set(judged.token.deliveries.map(({ handle }) => handle));
    const before = remainingAt(stop, mark);
    const outcome: Outcome = await commands.collect(stop.id, run.epoch, { kind: "release_code", text }, judged.token.nonce);
    if (outcome.status === "refused") return outcome.problem;
    const left = countParcels(before.filter(({ handle }) => !given.has(handle)));
    const total = countParcels(stop.deliveries.filter(({ status: each }) => each !== "cancelled"));
    collected.value = { count: total - left, left, total, isQueued: outcome.status === "queued" };
    return null;
  }

  if (collected.value) return <Result stop={stop} collected={collected.value} onAgain={() => (collected.value = null)} />;
  return (
    <ScanView
      title={t("Scan the code on the tablet")}
      hint={t("{parcels} at {store}. Ask the clerk to hand over to you.", { parcels: parcels(countParcels(remainingAt(stop, mark))), store: stop.store.name })}
      onText={read}
      onClose={() => back(parent)}
    >
      <a class="button button-wide" data-action="code" href={hrefOf({ ...parent, page: "code" })}>
        {t("Type the short code")}
      </a>
    </ScanView>
  );
}

/** Without a key that the server knows, no tablet can make a code for this phone. */
function unknownPhone(): Problem {
  if (phone.value.status === "insecure") return problemFor("insecure_page");
  if (phone.value.status === "unknown") return problemFor("needs_connection");
  return { ...problemFor("not_addressee"), detail: t("Your account is active on another phone."), next_step: t("Go back and tap Use this phone, then scan again.") };
}

function Result({ stop, collected, onAgain }: { stop: PickupStop; collected: Collected; onAgain: () => void }) {
  const { count, left, total, isQueued } = collected;
  const title = tn("{count} of {n} parcel", "{count} of {n} parcels", total, { count });
  const bar =
    left > 0 ? (
      <>
        <button type="button" class="button" data-action="go-on" onClick={goHome}>
          {t("Back to the stop")}
        </button>
        <button type="button" class="button button-primary" data-action="scan-again" onClick={onAgain}>
          {t("Scan the next code")}
        </button>
      </>
    ) : (
      <button type="button" class="button button-primary" data-action="go-on" onClick={goHome}>
        {t("Go on")}
      </button>
    );
  return (
    <Screen title={title} bar={bar}>
      <div class="result" data-tone="go" data-result="collected" data-queued={isQueued}>
        <p class="result-sign" aria-hidden="true" />
        <p class="lead strong">{t("Collected at {store}", { store: stop.store.name })}</p>
        <p>{isQueued ? t("Saved on this phone. It is sent when there is signal.") : t("The store and the customers see it.")}</p>
      </div>
      {left > 0 && <p>{tn("{n} parcel is still at this counter.", "{n} parcels are still at this counter.", left)}</p>}
    </Screen>
  );
}
