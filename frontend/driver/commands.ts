/** Everything a driver can ask for, each as one function. Steps of a run are kept on the phone until answered. */
import type { Command, Problem } from "../lib/api";
import { sha256Hex } from "../lib/bytes";
import { NoDeviceKey } from "../lib/chain";
import { type Clock, isoInstant } from "../lib/clock";
import type { Alongside, Database } from "../lib/database";
import type { FailureReason } from "../lib/envelope";
import type { Http, Posted } from "../lib/http";
import { uuidv7 } from "../lib/ids";
import { type Draft, type Outbox, type Submitted, answerOf } from "../lib/outbox";
import { problemFor } from "../lib/problems";
import { CodeRefused } from "../lib/tokens";
import type * as api from "./api";
import type { Fix } from "./positions";
import * as statements from "./statements";
import { keptAs } from "./waiting";

/** done: the server has it · queued: saved on this phone · refused: with the words to show. */
export type Outcome = { status: "done" } | { status: "queued" } | { status: "refused"; problem: Problem };

interface CommandParts {
  outbox: Outbox<api.DriverState>;
  http: Http;
  db: Database;
  clock: Clock;
  /** The newest fix, or null. */
  fix: () => Fix | null;
  /** Who speaks, when this phone has a key that the server knows; else null: steps are then plain commands. */
  speaker: () => { id: string; auth: "online" | "offline" } | null;
}

export type Commands = ReturnType<typeof createCommands>;

const NONCES = "used_nonces";
/** A code lives a minute; 200 collections in that time would be none of ours. */
const NONCES_KEPT = 200;
const FIX_COUNTS_FOR_MS = 60_000;
/** Somebody waits for the answer, and can go on without it. */
const CHECK_TIMEOUT_MS = 6_000;
/** What the record says of a return without a code; read by the dispatcher. */
const GIVEN_BACK = "Given back at the counter";

/** Create the commands of the driver's app. */
export function createCommands({ outbox, http, db, clock, fix, speaker }: CommandParts) {
  function position(): api.ArriveAtStop["position"] {
    const newest = fix();
    if (!newest || clock.now() - Date.parse(newest.at) > FIX_COUNTS_FOR_MS) return null;
    return { lat: newest.lat, lon: newest.lon, accuracy_m: newest.accuracy_m };
  }

  async function now<Body extends Command>(path: string, draft: Draft<Body>): Promise<Outcome> {
    return outcomeOfPost(await outbox.sendNow<Body>(path, draft));
  }

  async function step<Body extends Command>(path: string, draft: Draft<Body>, alongside: readonly Alongside[] = []): Promise<Outcome> {
    return outcomeOf(await outbox.submit<Body>(path, draft, { alongside }));
  }

  /** Sign a step where this phone can. Null where it cannot: the step is then a plain command. */
  async function state(path: string, body: Record<string, unknown>, words: statements.Words, alongside: readonly Alongside[] = []): Promise<Outcome | null> {
    const actor = speaker();
    if (!actor) return null;
    const here = position();
    const personal = { ...words.personal, ...(here ? { geo: statements.geoText(here) } : {}) };
    try {
      return outcomeOf(await outbox.submitStatement(path, body, { said: { ...words.said, actor }, personal, alongside }));
    } catch (error) {
      if (error instanceof NoDeviceKey) return null;
      throw error;
    }
  }

  async function usedNonces(): Promise<string[]> {
    return ((await db.get("state", NONCES).catch(() => undefined)) as string[] | undefined) ?? [];
  }

  return {
    usedNonces,
    setDuty: (onDuty: boolean, siteId: string | null, shift: Partial<api.SetDuty> = {}) => now<api.SetDuty>("/duty", { on_duty: onDuty, site_id: siteId, ...shift }),
    setShift: (shift: Draft<api.ChangeShift>) => now<api.ChangeShift>("/shift", shift),
    ask: (runId: string, here: api.Here) => now<api.AskForRun>(`/runs/${runId}/ask`, { position: here }),
    withdraw: (runId: string) => now<Command>(`/runs/${runId}/withdraw`, {}),
    claim: (runId: string) => now<api.ClaimRun>(`/runs/${runId}/claim`, {}),
    release: (runId: string, draft: Draft<api.ReleaseRun>) => now<api.ReleaseRun>(`/runs/${runId}/release`, draft),
    keep: (runId: string) => now<api.KeepRun>(`/runs/${runId}/keep`, {}),
    answerProposal: (proposalId: string, answer: "take" | "keep") => now<Command>(`/proposals/${proposalId}/${answer}`, {}),
    arrive: (stopId: string) => step<api.ArriveAtStop>(`/stops/${stopId}/arrive`, { position: position() }),

    /** The nonce of a scanned code is used up in the same transaction, so that the code counts once also without signal. */
    async collect(stop: api.PickupStop, run: api.Run, taken: statements.Taken): Promise<Outcome> {
      const path = `/stops/${stop.id}/collect`;
      const alongside = taken.kind === "release_code" ? [{ store: "state" as const, key: NONCES, value: (kept: unknown) => useUp(kept, taken.nonce) }] : [];
      const evidence = evidenceOf(taken);
      const signed = taken.kind !== "short_code" && (await state(path, { epoch: run.epoch, evidence }, statements.pickedUp(run, taken), alongside));
      if (signed) return signed;
      // A clerk can only scan a phone that has a key, and the plain command knows no such evidence.
      if (evidence.kind === "presence") return { status: "refused", problem: problemFor("needs_connection") };
      return step<api.CollectParcels>(path, { epoch: run.epoch, evidence, position: position() }, alongside);
    },

    /**
     * Ask whether a manager's code is right. A right one is for the statement; without signal so is one that nobody could
     * check: the server does when it arrives. Null where the store asks for none any more.
     */
    async checkManagerCode(stopId: string, code: string): Promise<{ code: string | null } | { problem: Problem }> {
      const at = clock.now();
      const body: api.EnterManagerCode = { command_id: uuidv7(at), occurred_at: isoInstant(at), code };
      const answer = await http.post(`/stops/${stopId}/manager-code`, body, { timeoutMs: CHECK_TIMEOUT_MS });
      if (answer.status === "done") return { code };
      if (answer.problem.code === "manager_code_unset") return { code: null };
      return answer.status === "unreachable" || answer.problem.status >= 500 ? { code } : { problem: answer.problem };
    },

    async deliver(stop: api.DropoffStop, run: api.Run, proof: Exclude<statements.Proof, { kind: "photo" }>): Promise<Outcome> {
      const path = `/stops/${stop.id}/deliver`;
      // The PIN travels beside the statement; the screens need not know it.
      const shown = proof.kind === "pin" ? { kind: proof.kind } : proof;
      const signed = await state(path, { epoch: run.epoch, evidence: shown }, statements.delivered(run, stop, proof));
      return signed ?? step<api.DeliverParcels>(path, { epoch: run.epoch, evidence: proof, position: position() });
    },

    /** The photo goes first, then the delivery that names it: both leave in this order, also hours later. */
    async deliverWithPhoto(stop: api.DropoffStop, run: api.Run, photo: Blob): Promise<Outcome> {
      const path = `/stops/${stop.id}/deliver`;
      const photoCommand = uuidv7(clock.now());
      const upload = outbox.submitPhoto<api.PhotoAnswer>("/photos", { delivery_id: stop.delivery.id, command_id: photoCommand }, photo);
      if (speaker()) {
        // Signed words cannot be taken back: not before it is known whether the photo can be read, if that can be known.
        const uploaded = outcomeOf(await upload);
        if (uploaded.status === "refused") return uploaded;
        const sha256 = await sha256Hex(await photo.arrayBuffer());
        const signed = await state(path, { epoch: run.epoch, evidence: { kind: "photo" } }, statements.delivered(run, stop, { kind: "photo", sha256 }));
        if (signed) return signed;
      }
      const early = await Promise.race([keptAs(outbox, photoCommand), upload]);
      if (early && early.status === "refused") return outcomeOf(early);
      const evidence = { kind: "photo", photo_id: answerOf(photoCommand, "photo_id") } as const;
      const [, delivered] = await Promise.all([upload, step<api.DeliverParcels>(path, { epoch: run.epoch, evidence, position: position() })]);
      return delivered;
    },

    async fail(stop: api.DropoffStop, run: api.Run, reason: FailureReason, note: string): Promise<Outcome> {
      const path = `/stops/${stop.id}/fail`;
      const body = { epoch: run.epoch, reason, note };
      return (await state(path, { epoch: run.epoch, reason }, statements.failed(run, stop, reason, note))) ?? step<api.FailDropoff>(path, body);
    },

    async giveBack(stop: api.ReturnStop, run: api.Run, shortCode: string | null): Promise<Outcome> {
      const path = `/stops/${stop.id}/return`;
      const evidence = shortCode ? ({ kind: "short_code", text: shortCode } as const) : ({ kind: "assertion", reason: GIVEN_BACK } as const);
      const signed = shortCode ? null : await state(path, { epoch: run.epoch, evidence }, statements.returned(run, stop));
      return signed ?? step<api.ReturnParcels>(path, { epoch: run.epoch, evidence });
    },

    /** Answer the question whether the parcels that a store says it gave are here. Needs this phone's key. */
    async answer(incident: api.Incident, epoch: number, isTrue: boolean): Promise<Outcome> {
      const { ask, handle, id } = incident;
      if (!ask) return { status: "refused", problem: problemFor("needs_connection") };
      const words = isTrue ? statements.confirmed(handle, ask.parcel_count, epoch) : statements.disputed(handle, ask.parcel_count, epoch, ask.event_id);
      const signed = await state(`/incidents/${id}/${isTrue ? "confirm" : "dispute"}`, {}, words);
      return signed ?? { status: "refused", problem: problemFor("needs_connection") };
    },

    bringing: () => http.get<api.Bringing>("/bring"),
    blocks: () => http.get<api.BlockList>("/blocks"),
    takeBlock: (blockId: string) => now<Command>(`/blocks/${blockId}/take`, {}),
    returnBlock: (blockId: string) => now<Command>(`/blocks/${blockId}/return`, {}),
    earnings: (timezone: string, on: string | null) => http.get<api.EarningsWeek>(`/earnings?${new URLSearchParams({ timezone, ...(on ? { on } : {}) })}`),
    earnedRun: (runId: string) => http.get<api.EarnedRun>(`/earnings/${runId}`),
    pushKey: () => http.get<api.PushKey>("/push/key"),
    push: (draft: Draft<api.TakePushes> | Draft<api.EndPushes>, end: "" | "/end" = "") => now("/push" + end, draft),
    signOut: async () => outcomeOfPost(await http.post("/logout", {})),
    sendUnsent: () => outbox.flush(),
    acknowledge: (commandId: string) => outbox.acknowledge(commandId),
  };
}

/** What the screens read of a collection that waits; for a plain command also what is sent. */
function evidenceOf(taken: statements.Taken) {
  if (taken.kind === "presence") return { kind: taken.kind } as const;
  if (taken.kind === "assertion") return { kind: taken.kind, reason: taken.reason } as const;
  return { kind: taken.kind, text: taken.text } as const;
}

function useUp(kept: unknown, nonce: string): string[] {
  const used = (kept as string[] | undefined) ?? [];
  if (used.includes(nonce)) throw new CodeRefused("already_used");
  return [...used, nonce].slice(-NONCES_KEPT);
}

function outcomeOf(submitted: Submitted<unknown, unknown>): Outcome {
  return submitted.status === "refused" ? { status: "refused", problem: submitted.problem } : { status: submitted.status };
}

function outcomeOfPost(posted: Posted<unknown>): Outcome {
  return posted.status === "done" ? { status: "done" } : { status: "refused", problem: posted.problem };
}
