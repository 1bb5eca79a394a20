/** Everything a driver can ask for, each as one function. Steps of a run are kept on the phone until answered. */
import type { Command, Problem } from "../lib/api";
import type { Clock } from "../lib/clock";
import type { Database } from "../lib/database";
import type { Http, Posted } from "../lib/http";
import { uuidv7 } from "../lib/ids";
import { type Draft, type Outbox, type Submitted, answerOf } from "../lib/outbox";
import type * as api from "./api";
import type { Fix } from "./positions";
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
}

export type Commands = ReturnType<typeof createCommands>;

const NONCES = "used_nonces";
/** A code lives a minute; 200 collections in that time would be none of ours. */
const NONCES_KEPT = 200;
const FIX_COUNTS_FOR_MS = 60_000;

/** Create the commands of the driver's app. */
export function createCommands({ outbox, http, db, clock, fix }: CommandParts) {
  function position(): api.ArriveAtStop["position"] {
    const newest = fix();
    if (!newest || clock.now() - Date.parse(newest.at) > FIX_COUNTS_FOR_MS) return null;
    return { lat: newest.lat, lon: newest.lon, accuracy_m: newest.accuracy_m };
  }

  async function now<Body extends Command>(path: string, draft: Draft<Body>): Promise<Outcome> {
    return outcomeOfPost(await outbox.sendNow<Body>(path, draft));
  }

  async function step<Body extends Command>(path: string, draft: Draft<Body>): Promise<Outcome> {
    return outcomeOf(await outbox.submit<Body>(path, draft));
  }

  async function usedNonces(): Promise<string[]> {
    return ((await db.get("state", NONCES).catch(() => undefined)) as string[] | undefined) ?? [];
  }

  return {
    usedNonces,
    setDuty: (onDuty: boolean, siteId: string | null) => now<api.SetDuty>("/duty", { on_duty: onDuty, site_id: siteId }),
    claim: (runId: string) => now<api.ClaimRun>(`/runs/${runId}/claim`, {}),
    release: (runId: string, draft: Draft<api.ReleaseRun>) => now<api.ReleaseRun>(`/runs/${runId}/release`, draft),
    arrive: (stopId: string) => step<api.ArriveAtStop>(`/stops/${stopId}/arrive`, { position: position() }),

    /** `nonce` of a scanned code is noted in the same transaction, so that the code counts once also without signal. */
    async collect(stopId: string, epoch: number, evidence: api.CollectParcels["evidence"], nonce?: string): Promise<Outcome> {
      const nonces = nonce ? [...(await usedNonces()), nonce].slice(-NONCES_KEPT) : null;
      const alongside = nonces ? [{ store: "state" as const, key: NONCES, value: nonces }] : [];
      const draft = { epoch, evidence, position: position() };
      return outcomeOf(await outbox.submit<api.CollectParcels>(`/stops/${stopId}/collect`, draft, { alongside }));
    },

    deliver: (stopId: string, epoch: number, evidence: api.DeliverParcels["evidence"]) =>
      step<api.DeliverParcels>(`/stops/${stopId}/deliver`, { epoch, evidence, position: position() }),

    /** Keep the photo, then the delivery that names it: both leave in this order, also hours later. */
    async deliverWithPhoto(stopId: string, epoch: number, deliveryId: string, photo: Blob): Promise<Outcome> {
      const photoCommand = uuidv7(clock.now());
      const fields = { delivery_id: deliveryId, command_id: photoCommand };
      const upload = outbox.submitPhoto<api.PhotoAnswer>("/photos", fields, photo);
      // Before the answer can have come: the place-holder is filled in when it does.
      const early = await Promise.race([keptAs(outbox, photoCommand), upload]);
      if (early && early.status === "refused") return outcomeOf(early);
      const evidence = { kind: "photo", photo_id: answerOf(photoCommand, "photo_id") } as const;
      const [, delivered] = await Promise.all([upload, this.deliver(stopId, epoch, evidence)]);
      return delivered;
    },

    fail: (stopId: string, draft: Draft<api.FailDropoff>) => step<api.FailDropoff>(`/stops/${stopId}/fail`, draft),
    giveBack: (stopId: string, draft: Draft<api.ReturnParcels>) => step<api.ReturnParcels>(`/stops/${stopId}/return`, draft),
    earnings: () => http.get<api.Earnings>("/earnings"),
    signOut: async () => outcomeOfPost(await http.post("/logout", {})),
    sendUnsent: () => outbox.flush(),
    acknowledge: (commandId: string) => outbox.acknowledge(commandId),
  };
}

function outcomeOf(submitted: Submitted<unknown, unknown>): Outcome {
  return submitted.status === "refused" ? { status: "refused", problem: submitted.problem } : { status: submitted.status };
}

function outcomeOfPost(posted: Posted<unknown>): Outcome {
  return posted.status === "done" ? { status: "done" } : { status: "refused", problem: posted.problem };
}
