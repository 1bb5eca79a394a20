/** Scanning the code on a store's tablet: judged on the phone first, then kept and sent. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { parcels } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import { problemFor } from "../../scan/problems";
import type { PickupStop, Run } from "../api";
import type { Release } from "../../lib/tokens";
import { isLabel, type Judged, judgeLabel, judgeRelease } from "../judging";
import { back } from "../navigation";
import { useApp } from "../parts/context";
import { type Collected, CollectedResult, collectedOf } from "../parts/collected-result";
import { ScanView, type Verdict } from "../parts/scan-view";
import { type Route, hrefOf } from "../route";
import { brought, countLabel, labelsAt, phone, progressOf, state } from "../state";
import { parcelsOf } from "../statements";
import { countParcels, remainingAt } from "../steps";

export function ScanRelease({ stop, run }: { stop: PickupStop; run: Run }) {
  const { commands, clock, live } = useApp();
  const collected = useSignal<Collected | null>(null);
  // Of the hub's desk on this same phone: it cannot be scanned from its own screen.
  const first = useRef(brought.peek());
  useEffect(() => {
    brought.value = null;
  }, []);
  const { mark } = progressOf(stop);
  const parent: Route = { name: "stop", stopId: stop.id, page: "here" };

  async function read(text: string): Promise<Verdict> {
    if (isLabel(text)) return readLabel(text);
    const { kid } = phone.value;
    if (kid === null) return unknownPhone();
    const judged = await judge(text, kid);
    if ("problem" in judged) return judged.problem;
    const { deliveries, nonce } = judged.token;
    const before = remainingAt(stop, mark);
    const given = parcelsOf(deliveries.map(({ handle, parcels: parcel_count }) => ({ handle, parcel_count })));
    const outcome = await commands.collect(stop, run, { kind: "release_code", text, nonce, parcels: given, labels: labelsAt(stop.id) });
    if (outcome.status === "refused") return outcome.problem;
    collected.value = collectedOf(stop, before, new Set(Object.keys(given)), outcome.status === "queued");
    return "done";
  }

  async function judge(text: string, myKid: number): Promise<Judged<Release>> {
    const usedNonces = new Set(await commands.usedNonces());
    const judgeNow = (): Promise<Judged<Release>> => {
      const known = state.value?.run ?? run;
      const here = known.stops.find((one): one is PickupStop => one.id === stop.id && one.kind === "pickup") ?? stop;
      return judgeRelease(text, { stop: here, run: known, mark, myKid, nowS: clock.now() / 1_000, usedNonces, serverKeys: state.value?.server_keys ?? [] });
    };
    const first = await judgeNow();
    if (!isUnknownDesk(first)) return first;
    // The store may have enrolled this tablet after the server was last heard.
    await live.refresh();
    const again = await judgeNow();
    return isUnknownDesk(again) && live.view().freshness === "offline" ? { problem: problemFor("desk_unheard") } : again;
  }

  /** Labels only count parcels: whoever does not scan them has lost nothing. */
  function readLabel(text: string): Verdict {
    const judged = judgeLabel(text, stop);
    if ("problem" in judged) return judged.problem;
    countLabel(stop.id, `${judged.token.handle} ${judged.token.n}`, text);
    return "go_on";
  }

  if (collected.value) return <CollectedResult stop={stop} collected={collected.value} onAgain={() => (collected.value = null)} />;
  return (
    <ScanView
      title={t("Scan the code on the tablet")}
      hint={hintOf(stop, countParcels(remainingAt(stop, mark)))}
      first={first.current}
      onText={read}
      onClose={() => back(parent)}
    >
      <a class="button button-wide" data-action="code" href={hrefOf({ ...parent, page: "code" })}>
        {t("Type the short code")}
      </a>
      {phone.value.status === "ready" && (
        <a class="button button-wide" data-action="show" href={hrefOf({ ...parent, page: "show" })}>
          {t("Let the clerk scan this phone")}
        </a>
      )}
    </ScanView>
  );
}

function hintOf(stop: PickupStop, waiting: number): string {
  const counted = labelsAt(stop.id).length;
  if (counted === 0) return t("{parcels} at {store}. Ask the clerk to hand over to you.", { parcels: parcels(waiting), store: stop.store.name });
  return tn("{count} of {n} parcel counted. Now scan the code on the tablet.", "{count} of {n} parcels counted. Now scan the code on the tablet.", waiting, { count: counted });
}

function isUnknownDesk(judged: Judged<Release>): boolean {
  return "problem" in judged && judged.problem.code === "unknown_desk";
}

/** Without a key that the server knows, no tablet can make a code for this phone. */
function unknownPhone(): Problem {
  if (phone.value.status === "insecure") return problemFor("insecure_page");
  if (phone.value.status === "unknown") return problemFor("needs_connection");
  return { ...problemFor("not_addressee"), detail: t("Your account is active on another phone."), next_step: t("Go back and tap Use this phone, then scan again.") };
}
