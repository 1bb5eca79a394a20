/** Scanning the driver's phone: for a phone whose own camera fails, or a driver whom this tablet has not heard of. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { t, tn } from "../../lib/i18n";
import { keepAwake } from "../../lib/wakelock";
import type { ArrivingDriver } from "../api";
import { useDesk, useDeskState, useHanded } from "../desk";
import { usedNonces } from "../handed";
import type { Handover } from "../handover";
import { handedOver, toCollect, weakestOf } from "../lists";
import { meet, type Met, type MeetingStep, NOBODY_MET, type Offered } from "../meeting";
import { ClockWarning } from "../parts/clock-warning";
import { CodeScanner } from "../parts/code-scanner";
import { feedback } from "../parts/feedback";
import { useHeldAwake } from "../parts/idle-guard";
import { BackLink, ProblemBanner, ScreenTitle } from "../parts/pieces";
import { addressOf } from "../route";
import { HandoverResult } from "./handover-result";
import { MetChoice } from "./met-choice";

interface Given {
  deliveries: readonly Offered[];
  answers: Handover["answers"]["value"];
}

export function MeetScreen({ runId }: { runId: string | null }) {
  const state = useDeskState();
  // The run leaves the list when all is collected: this screen still knows whose it was.
  const expected = useRef(state.arriving.find((run) => run.run_id === runId && toCollect(run).length > 0) ?? null);
  const [met, setMet] = useState<Met | null>(null);
  const [given, setGiven] = useState<Given | null>(null);
  useEffect(() => keepAwake(), []);
  useHeldAwake(given === null);
  if (given) {
    const ids = given.deliveries.flatMap(({ id }) => (id === null ? [] : [id]));
    const taken = handedOver(state, met?.run?.run_id ?? "", ids);
    const isConfirmed = ids.length > 0 && taken.size === given.deliveries.length;
    return <HandoverResult name={met?.run?.driver.first_name ?? null} {...given} isConfirmed={isConfirmed} level={weakestOf(state, ids)} />;
  }
  if (met) return <MetChoice met={met} onBack={() => setMet(null)} onGiven={(deliveries, answers) => setGiven({ deliveries, answers })} />;
  return <Scanning expected={expected.current} onMet={setMet} />;
}

/** The same wrong code in the picture is not announced again before this time. */
const REPEAT_AFTER_MS = 10_000;

function Scanning({ expected, onMet }: { expected: ArrivingDriver | null; onMet: (met: Met) => void }) {
  const reader = useReader(expected, onMet);
  const { problem, wanted, ticketCount } = reader;
  const name = expected?.driver.first_name;
  const own = expected ? { screen: "handover" as const, id: expected.run_id } : { screen: "board" as const };
  const otherWay = expected ? t("Show my code instead") : t("Back to the list");
  return (
    <main class="page page-narrow stack" id="app-main" data-wanted={wanted}>
      <BackLink />
      <ScreenTitle>{name ? t("Scan {name}'s phone", { name }) : t("Scan the driver's phone")}</ScreenTitle>
      <p class="lead" role="status">{wantedWords(wanted, ticketCount)}</p>
      <ClockWarning />
      <div aria-live="assertive">{problem && <ProblemBanner problem={problem} />}</div>
      <CodeScanner onText={reader.read} onClose={() => (location.hash = addressOf(own))} closeWords={otherWay}
        otherwise={t("Show your own code instead, and let the driver scan that.")} />
    </main>
  );
}

type Wanted = Extract<MeetingStep, { status: "more" }>["wanted"];

function wantedWords(wanted: Wanted | null, ticketCount: number): string {
  if (wanted === "tickets") {
    const read = ticketCount > 0 ? ` ${tn("{n} ticket is read.", "{n} tickets are read.", ticketCount)}` : "";
    return t("This tablet does not know this driver. Ask for the tickets on the driver's phone, and scan each of them.") + read;
  }
  if (wanted === "presence" && ticketCount > 0) return t("The tickets are read. Now scan the driver's own code.");
  return t("Ask the driver to open their own code in the app, then hold it in front of the camera.");
}

/** Takes in what the camera reads, one text after the other. */
function useReader(expected: ArrivingDriver | null, onMet: (met: Met) => void) {
  const desk = useDesk();
  const state = useDeskState();
  const handed = useHanded();
  const meeting = useRef(NOBODY_MET);
  const last = useRef({ text: "", at: 0, isBusy: false });
  const [problem, setProblem] = useState<Problem | null>(null);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const now = useRef({ state, handed });
  now.current = { state, handed };

  function take(step: MeetingStep): void {
    setProblem(step.status === "met" ? null : (step.problem ?? null));
    if (step.status === "refused") return feedback.bad();
    feedback.good();
    meeting.current = step.meeting;
    if (step.status === "met") onMet(step.met);
    else setWanted(step.wanted);
  }

  async function read(text: string): Promise<void> {
    const before = last.current;
    const isRepeated = text === before.text && desk.clock.device() - before.at < REPEAT_AFTER_MS;
    if (before.isBusy || isRepeated) return;
    last.current = { text, at: desk.clock.device(), isBusy: true };
    const { state, handed } = now.current;
    const waiting = state.arriving.flatMap(({ deliveries }) => deliveries).filter(({ id }) => handed.get(id)?.kind === "handover");
    const facts = {
      state,
      expected,
      given: new Set(waiting.map(({ handle }) => handle)),
      nowS: desk.clock.now() / 1_000,
      usedNonces: await usedNonces(desk.db),
    };
    take(await meet(text, meeting.current, facts));
    last.current.isBusy = false;
  }

  return { read: (text: string) => void read(text), problem, wanted, ticketCount: meeting.current.tickets.length };
}
