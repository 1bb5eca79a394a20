/**
 * What the desk says about a handoff: signed by the tablet, in the name of the clerk, kept before anything is shown.
 *
 * The statement is the desk's. It is sent whoever is signed in by then, and also while the tablet is locked.
 */
import type { Problem } from "../lib/api";
import { NoDeviceKey } from "../lib/chain";
import type { Alongside } from "../lib/database";
import type { Evidence, Said } from "../lib/envelope";
import { uuidv7 } from "../lib/ids";
import type { Submitted } from "../lib/outbox";
import type { DeskState, GiveParcels, TakeBack } from "./api";
import type { Desk } from "./desk";
import { MOST_NONCES, noteHanded, noteUsedNonce } from "./handed";
import { problemFor } from "./problems";

/** A statement names this many deliveries at most. Source: MP1, as many as a release code. */
export const DELIVERIES_PER_STATEMENT = 20;

export interface Named {
  /** Null when only a driver's ticket names the delivery. */
  id: string | null;
  handle: string;
  parcel_count: number;
}

/** What the clerk says. */
export interface Saying {
  kind: "handover" | "return";
  /** Null when this tablet does not know the driver's run. */
  runId: string | null;
  deliveries: readonly Named[];
  /** Nonces of every code that was shown for it. */
  shown?: readonly string[];
  /** Codes of the driver's phone that were scanned. */
  evidence?: readonly Evidence[];
  /** Nonce of the presence among the evidence: it is used up by this. */
  usedNonce?: string;
  /** Six digits that a manager has entered, because the goods are dear. */
  managerCode?: string | null;
}

type Outcome = Submitted<unknown, DeskState>;

/** What became of it: kept, with the server's answers to come, or not kept, and why. `kept`: handles of what was. */
export type Stated = { problem: null; answers: Promise<Outcome[]> } | { problem: Problem; kept: string[] };

/** Say it. Resolves as soon as all of it is on the tablet's disk, or with why not; then nothing may be shown as done. */
export async function state(desk: Desk, saying: Saying): Promise<Stated> {
  const clerk = desk.view.value.state?.clerk;
  if (!clerk) return { problem: problemFor("not_signed_in"), kept: [] };
  const actor = { id: clerk.id, auth: desk.session.offline.value ? ("offline" as const) : ("online" as const) };
  const answers: Promise<Outcome>[] = [];
  const kept: string[] = [];
  for (const part of inParts(saying.deliveries)) {
    const commandId = uuidv7(desk.clock.now());
    const answer = submit(desk, { ...saying, deliveries: part }, actor, commandId);
    answers.push(answer);
    const problem = await keptOrRefused(desk, commandId, answer);
    if (problem) return { problem, kept };
    kept.push(...part.map(({ handle }) => handle));
  }
  return { problem: null, answers: Promise.all(answers) };
}

function inParts(deliveries: readonly Named[]): Named[][] {
  const count = Math.ceil(deliveries.length / DELIVERIES_PER_STATEMENT);
  return Array.from({ length: count }, (_, at) => deliveries.slice(at * DELIVERIES_PER_STATEMENT, (at + 1) * DELIVERIES_PER_STATEMENT));
}

async function submit(desk: Desk, saying: Saying, actor: Said["actor"], commandId: string): Promise<Outcome> {
  const { kind, runId, deliveries, shown = [], evidence = [], usedNonce, managerCode } = saying;
  const ids = deliveries.flatMap(({ id }) => (id === null ? [] : [id]));
  const path = kind === "handover" ? "/handovers" : "/returns";
  const at = desk.clock.now();
  const alongside: Alongside[] = [noteHanded({ event_id: commandId, kind, at, run_id: runId, ids }, at)];
  if (usedNonce) alongside.push(noteUsedNonce(usedNonce, at));
  const said: Said = {
    type: kind === "handover" ? "handoff.released" : "handoff.returned",
    parcels: Object.fromEntries(deliveries.map(({ handle, parcel_count }) => [handle, parcel_count])),
    evidence: managerCode ? [...evidence, { kind: "manager_code" }] : evidence,
    actor,
    ...(shown.length > 0 ? { shown: shown.slice(-MOST_NONCES) } : {}),
  };
  const body = { command_id: commandId, run_id: runId, delivery_ids: ids, handles: deliveries.map(({ handle }) => handle) };
  try {
    return await desk.outbox.submitStatement(path, body, { said, alongside, personal: managerCode ? { manager_code: managerCode } : {} });
  } catch (error) {
    if (!(error instanceof NoDeviceKey)) throw error;
    // What cannot be signed can carry no manager's code either.
    if (runId === null || managerCode) return { status: "refused", commandId, problem: problemFor("desk_key_lost") };
    // The browser has lost its key: the clerk's own word, which only the server can note.
    const plain = { command_id: commandId, run_id: runId, delivery_ids: ids };
    if (kind === "return") return desk.outbox.submit<TakeBack>(path, plain);
    return desk.outbox.submit<GiveParcels>(path, { ...plain, nonces: shown.slice(-MOST_NONCES) });
  }
}

/** Resolves with null once the step is on the disk or answered, with a problem when it was not kept or is refused at once. */
async function keptOrRefused(desk: Desk, commandId: string, answer: Promise<Outcome>): Promise<Problem | null> {
  let stop: () => void = () => undefined;
  const kept = new Promise<null>((resolve) => {
    stop = desk.outbox.subscribe(({ pending }) => {
      if (pending.some((step) => step.commandId === commandId)) resolve(null);
    });
  });
  const settled = answer.then((outcome) => (outcome.status === "refused" ? outcome.problem : null));
  return Promise.race([kept, settled]).finally(stop);
}
