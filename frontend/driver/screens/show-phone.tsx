/** The clerk scans this phone: its codes in turn, then the driver says what is in hand. */
import { useSignal } from "@preact/signals";
import { useState } from "preact/hooks";
import { t, tn } from "../../lib/i18n";
import { problemFor } from "../../scan/problems";
import type { PickupDelivery, PickupStop, Run } from "../api";
import { Action } from "../parts/button";
import { type Collected, CollectedResult, collectedOf } from "../parts/collected-result";
import { useApp } from "../parts/context";
import { useOutcome } from "../parts/outcome";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { ShownCodes } from "../parts/shown-codes";
import { ticketsFor } from "../presence";
import { progressOf } from "../state";
import { parcelsOf } from "../statements";
import { countParcels, remainingAt } from "../steps";

export function ShowPhone({ stop, run }: { stop: PickupStop; run: Run }) {
  const { commands, presence } = useApp();
  const { problem, take } = useOutcome();
  const collected = useSignal<Collected | null>(null);
  // As it was when the screen opened: the clerk's word may reach the server first, and the driver's still counts.
  const [waiting] = useState(() => remainingAt(stop, progressOf(stop).mark));

  async function confirm(): Promise<void> {
    const parcels = parcelsOf(waiting);
    const outcome = await commands.collect(stop, run, { kind: "presence", shown: await presence.shown(stop.id), parcels });
    if (!take(outcome)) return;
    collected.value = collectedOf(stop, waiting, new Set(Object.keys(parcels)), outcome.status === "queued");
  }

  const all = waiting.length === 0 ? collectedOf(stop, waiting, new Set(), false) : null;
  const result = collected.value ?? all;
  if (result) return <CollectedResult stop={stop} collected={result} onAgain={() => (collected.value = null)} />;
  const bar = (
    <Action name="confirm-parcels" busy={t("Saving")} onTap={confirm}>
      {tn("I have {n} parcel", "I have {n} parcels", countParcels(waiting))}
    </Action>
  );
  return (
    <Screen title={t("Show this to the clerk")} parent={{ name: "stop", stopId: stop.id, page: "scan" }} bar={bar}>
      {problem.value && <ProblemBanner problem={problem.value} isAlert />}
      <Codes stop={stop} run={run} waiting={waiting} />
      <p>{t("Turn the screen bright. When the clerk has given you everything, say so below.")}</p>
    </Screen>
  );
}

function Codes({ stop, run, waiting }: { stop: PickupStop; run: Run; waiting: readonly PickupDelivery[] }) {
  const { clock, presence } = useApp();
  const { texts: tickets, areOver } = ticketsFor(waiting, run, clock.now() / 1_000);
  return (
    <>
      {areOver && <ProblemBanner problem={problemFor("ticket_expired")} />}
      <ShownCodes draw={() => presence.draw(stop, waiting)} tickets={tickets} otherwise={t("Scan the code on the tablet, or type the short code.")} />
    </>
  );
}
