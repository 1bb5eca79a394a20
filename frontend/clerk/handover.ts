/** One handover while it is on the screen: codes in turn, all nonces shown, and the clerk's own statement. */
import { type Signal, signal } from "@preact/signals";
import type { Problem } from "../lib/api";
import type { Submitted } from "../lib/outbox";
import type { ArrivingDriver, DeskState } from "./api";
import type { Desk } from "./desk";
import { noteShown, readShown } from "./handed";
import { freshNonce, inCodes, releaseOf, secondsLeft, SHOWN_FOR_MS, type ShownCode, signRelease } from "./release-code";
import { anchorOf, deskKey, reportRelease } from "./session";
import { state as say } from "./statements";

export type Waiting = ArrivingDriver["deliveries"][number];

export interface Handover {
  deliveries: readonly Waiting[];
  /** How many codes there are, and which is shown (from 0). */
  codeCount: number;
  turn: Signal<number>;
  code: Signal<ShownCode | null>;
  seconds: Signal<number>;
  /** False when the server does not know the shown code, so that nobody can check the six characters. */
  isShortCodeKnown: Signal<boolean>;
  /** This browser cannot sign: why. */
  fault: Signal<"no_key" | "insecure" | null>;
  show(turn: number): void;
  /** The clerk says that the parcels are given. Null once that is on the tablet's disk, else why it is not. */
  give(): Promise<Problem | null>;
  /** The server's answers to it, or that they are still to come; set by `give`. */
  answers: Signal<Promise<Submitted<unknown, DeskState>[]> | null>;
  stop(): void;
}

/** Show codes for these deliveries until `stop`. `managerCode`: what a manager has entered for them, for the clerk's statement. */
export function startHandover(desk: Desk, run: ArrivingDriver, deliveries: readonly Waiting[], managerCode: string | null = null): Handover {
  const parts = inCodes(deliveries);
  let isStopped = false;
  let drawing = 0;
  let cancel: () => void = () => undefined;
  let giving: Promise<Problem | null> | null = null;
  const given = new Set<string>();
  const shownHere: string[] = [];

  async function draw(): Promise<void> {
    cancel();
    const mine = (drawing += 1);
    const code = await makeCode(parts[handover.turn.value] ?? []);
    if (isStopped || mine !== drawing || !code) return;
    // A full tablet still shows its code: what is lost is that a restart forgets which ones there were.
    await noteShown(desk.db, run.run_id, code.nonce, desk.clock.now()).catch(() => undefined);
    shownHere.push(code.nonce);
    if (isStopped || mine !== drawing) return;
    handover.code.value = code;
    tick();
    const isKnown = await reportRelease(desk, { run_id: run.run_id, token: code.token });
    if (mine === drawing) handover.isShortCodeKnown.value = isKnown;
  }

  async function makeCode(part: readonly Waiting[]): Promise<ShownCode | null> {
    const state = desk.view.value.state;
    if (!state?.clerk) return null;
    if (!globalThis.crypto?.subtle) return refuse("insecure");
    const key = await deskKey(desk, state.desk.kid);
    if (!key) return refuse("no_key");
    const nonce = freshNonce();
    const facts = {
      deskKid: state.desk.kid, clerkNumber: state.clerk.number, driverKid: run.driver.kid, now: desk.clock.now(),
      anchor: anchorOf(state),
    };
    const signed = await signRelease(releaseOf(part, facts, nonce), key);
    return { ...signed, nonce, shownAt: desk.clock.device() };
  }

  async function give(): Promise<Problem | null> {
    const left = deliveries.filter(({ handle }) => !given.has(handle));
    const shown = new Set([...(await readShown(desk.db, run.run_id)), ...shownHere]);
    const stated = await say(desk, { kind: "handover", runId: run.run_id, deliveries: left, shown: [...shown], managerCode });
    if (stated.problem === null) {
      handover.answers.value = stated.answers;
      return null;
    }
    // Of several statements some may be kept: they are not made twice.
    for (const handle of stated.kept) given.add(handle);
    return stated.problem;
  }

  function refuse(fault: "no_key" | "insecure"): null {
    handover.fault.value = fault;
    return null;
  }

  function tick(): void {
    if (isStopped) return;
    const left = secondsLeft(handover.code.value?.shownAt ?? 0, desk.clock.device());
    handover.seconds.value = left;
    if (left === 0) void draw();
    else cancel = desk.clock.after(1_000, tick);
  }

  const handover: Handover = {
    deliveries,
    codeCount: parts.length,
    turn: signal(0),
    code: signal(null),
    seconds: signal(SHOWN_FOR_MS / 1_000),
    isShortCodeKnown: signal(true),
    fault: signal(null),
    show(turn) {
      handover.turn.value = turn;
      handover.code.value = null;
      void draw();
    },
    async give() {
      giving ??= give();
      const problem = await giving;
      // It was read, and nothing was kept of it: the next tap is a new try.
      if (problem) giving = null;
      return problem;
    },
    answers: signal(null),
    stop() {
      isStopped = true;
      cancel();
    },
  };
  void draw();
  return handover;
}
