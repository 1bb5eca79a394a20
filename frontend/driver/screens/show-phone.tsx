/** The clerk scans this phone: its codes in turn, then the driver says what is in hand. */
import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { t, tn } from "../../lib/i18n";
import { problemFor } from "../../lib/problems";
import type { QrDrawing } from "../../lib/qr";
import { keepAwake } from "../../lib/wakelock";
import type { PickupDelivery, PickupStop, Run } from "../api";
import { Action } from "../parts/button";
import { type Collected, CollectedResult, collectedOf } from "../parts/collected-result";
import { useApp } from "../parts/context";
import { useOutcome } from "../parts/outcome";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { REDRAWN_EVERY_MS, TURN_MS, ticketsFor } from "../presence";
import { progressOf } from "../state";
import { parcelsOf } from "../statements";
import { countParcels, remainingAt } from "../steps";

interface Shown {
  drawing: QrDrawing;
  /** 0 is the phone's own code, then the tickets. */
  turn: number;
}

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
  const { clock } = useApp();
  const { texts: tickets, areOver } = ticketsFor(waiting, run, clock.now() / 1_000);
  const shown = useCodes(stop, waiting, tickets);
  const many = 1 + tickets.length;
  if (shown === "missing") return <p role="alert">{t("This phone cannot show its code now. Scan the code on the tablet, or type the short code.")}</p>;
  return (
    <>
    {areOver && <ProblemBanner problem={problemFor("ticket_expired")} />}
    <figure class="show-code" data-presence={shown ? shown.turn : undefined}>
      {shown ? (
        <svg class="qr" viewBox={shown.drawing.viewBox} role="img" aria-label={t("Code for the clerk’s tablet")}>
          <path d={shown.drawing.path} />
        </svg>
      ) : (
        <div class="qr skeleton" />
      )}
      {many > 1 && <figcaption class="muted">{t("Code {n} of {many}. They take turns; the tablet says which it needs.", { n: (shown?.turn ?? 0) + 1, many })}</figcaption>}
    </figure>
    </>
  );
}

/** Draw the phone's code and the tickets in turn, as long as the screen is shown; the screen stays awake meanwhile. */
function useCodes(stop: PickupStop, waiting: readonly PickupDelivery[], tickets: readonly string[]): Shown | null | "missing" {
  const { presence, clock } = useApp();
  const shown = useSignal<Shown | null | "missing">(null);
  useEffect(() => {
    let isGone = false;
    let cancel: () => void = () => undefined;
    let own = { text: "", drawnAt: -Infinity };
    async function textOf(turn: number): Promise<string | null> {
      if (turn > 0) return tickets[turn - 1] ?? null;
      const isFresh = clock.device() - own.drawnAt < REDRAWN_EVERY_MS - TURN_MS;
      const text = isFresh ? own.text : await presence.draw(stop, waiting);
      if (text !== own.text) own = { text: text ?? "", drawnAt: clock.device() };
      return text;
    }
    async function show(turn: number): Promise<void> {
      const [{ drawQr }, text] = await Promise.all([import("../../lib/qr"), textOf(turn)]);
      if (isGone) return;
      shown.value = text === null ? "missing" : { drawing: drawQr(text), turn };
      const next = (turn + 1) % (1 + tickets.length);
      if (text !== null) cancel = clock.after(tickets.length > 0 ? TURN_MS : REDRAWN_EVERY_MS, () => begin(next));
    }
    const begin = (turn: number): void => void show(turn).catch(() => (shown.value = "missing"));
    begin(0);
    const sleep = keepAwake();
    return () => {
      isGone = true;
      cancel();
      sleep();
    };
  }, [tickets.join()]);
  return shown.value;
}
