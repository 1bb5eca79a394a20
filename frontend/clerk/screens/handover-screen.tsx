/** Handing over: choose, show the code, see or say that the driver has the parcels. */
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { ArrivingDriver } from "../api";
import { useDesk, useDeskState } from "../desk";
import { type Handover, startHandover, type Waiting } from "../handover";
import { HandoverChoice } from "./handover-choice";
import { HandoverCode } from "./handover-code";
import { HandoverResult } from "./handover-result";
import { useHeldAwake } from "../parts/idle-guard";
import { cancelledAmong, deliveryById, handedOver, isDear, parcelSum, toCollect, weakestOf } from "../lists";
import { managerCode } from "./manager-code";
import { BackLink, ScreenTitle } from "../parts/pieces";
import { StatusLine } from "../parts/status-line";

export function HandoverScreen({ runId }: { runId: string }) {
  const desk = useDesk();
  const state = useDeskState();
  const live = state.arriving.find((each) => each.run_id === runId && toCollect(each).length > 0) ?? null;
  // The run leaves the list when all is collected: this screen still shows whose it was.
  const [run, setRun] = useState<ArrivingDriver | null>(live);
  const [handover, setHandover] = useState<Handover | null>(null);
  /** Chosen, and waiting for a manager's code. */
  const [dear, setDear] = useState<readonly Waiting[] | null>(null);
  const [isGiven, setGiven] = useState(false);
  const [fault, setFault] = useState<Problem | null>(null);
  const ids = handover?.deliveries.map(({ id }) => id) ?? [];
  const taken = handedOver(state, runId, ids);
  const cancelled = cancelledAmong(state, ids);
  const isConfirmed = ids.length > 0 && taken.size === ids.length;
  useHeldAwake(handover !== null && !isConfirmed && !isGiven);
  useEffect(() => {
    if (live) setRun(live);
  }, [live]);
  useEffect(() => () => handover?.stop(), [handover]);
  useEffect(() => {
    // A code that still names a cancelled delivery must not be scanned.
    if (cancelled.length > 0) handover?.stop();
  }, [cancelled.length]);
  useEffect(() => {
    if (!isConfirmed || !handover) return;
    handover.stop();
    // The desk has seen the driver's statement: its own follows, with every nonce it showed. Source: MP1, step 4.
    void handover.give().then(setFault);
  }, [isConfirmed]);

  function begin(chosen: readonly Waiting[], managerCode: string | null = null): void {
    setDear(null);
    if (run) setHandover(startHandover(desk, run, chosen, managerCode));
  }

  // Before the code is shown: what a driver can scan is as good as gone.
  const choose = (chosen: readonly Waiting[]): void => (chosen.some(isDear) ? setDear(chosen) : begin(chosen));

  if (!run) return <><StatusLine /><Over runId={runId} /></>;
  if (dear) {
    const asked = { name: run.driver.first_name, parcelCount: parcelSum(dear) };
    return <><StatusLine /><managerCode.Screen {...asked} onBack={() => setDear(null)} onEntered={(code) => begin(dear, code)} /></>;
  }
  if (!handover) return <><StatusLine /><HandoverChoice run={run} onChosen={choose} /></>;
  if (isConfirmed || isGiven) {
    const { deliveries, answers } = handover;
    return <><StatusLine /><HandoverResult name={run.driver.first_name} deliveries={deliveries} answers={answers.value} isConfirmed={isConfirmed} level={weakestOf(state, ids)} fault={fault} /></>;
  }
  if (cancelled.length > 0) {
    return <><StatusLine /><HandoverChoice run={run} cancelled={cancelled} onChosen={choose} key="again" /></>;
  }
  return (
    <HandoverCode run={run} handover={handover} taken={taken} onBack={() => setHandover(null)} onGiven={() => {
      handover.stop();
      setGiven(true);
    }} />
  );
}

/** The tablet was locked meanwhile, or opened anew: what it has said of this run today is still its result. */
function Over({ runId }: { runId: string }) {
  const state = useDeskState();
  const said = useDesk().handed.value.entries.filter(({ run_id, kind }) => run_id === runId && kind === "handover");
  const ids = [...new Set(said.flatMap((entry) => entry.ids))];
  const given = ids.flatMap((id) => deliveryById(state, id) ?? []);
  if (given.length === 0) return <RunGone />;
  const isConfirmed = handedOver(state, runId, ids).size === ids.length;
  const name = given.find(({ driver_first_name: driver }) => driver !== null)?.driver_first_name ?? null;
  return <HandoverResult name={name} deliveries={given} answers={null} isConfirmed={isConfirmed} level={weakestOf(state, ids)} />;
}

function RunGone() {
  return (
    <main class="page page-narrow stack" id="app-main">
      <BackLink />
      <ScreenTitle>{t("This driver is not expected here")}</ScreenTitle>
      <p>{t("The run was given back, or everything is collected already. Look at who is coming on the counter's list.")}</p>
    </main>
  );
}
