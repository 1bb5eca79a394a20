/** What this tablet tells the server at once or never: its enrolment, that somebody is there, which code it shows. */
import type { Command, CommandAnswer } from "../lib/api";
import type { DeviceKey } from "../lib/chain";
import { isoInstant } from "../lib/clock";
import type { Database } from "../lib/database";
import { NO_ANCHOR } from "../lib/envelope";
import type { Posted, PostOptions } from "../lib/http";
import { uuidv7 } from "../lib/ids";
import type { Draft } from "../lib/outbox";
import { exportPublicKey, generateKeys } from "../lib/signing";
import type { DeskState, EnrolDesk, EnterManagerCode, ShowRelease } from "./api";
import type { Desk } from "./desk";

/** Somebody waits at the keypad. */
const PATIENCE_MS = 6_000;

/** What an enrolment needs again when its answer was lost: the server then repeats its first answer. */
interface PendingEnrolment extends EnrolDesk {
  keys: CryptoKeyPair;
}

/** POST a command that is worth nothing later. */
export function ask<Body extends Command, Result>(
  desk: Desk,
  path: string,
  draft: Draft<Body>,
  options?: PostOptions,
): Promise<Posted<CommandAnswer<Result, DeskState>>> {
  const now = desk.clock.now();
  return desk.http.post(path, { command_id: uuidv7(now), occurred_at: isoInstant(now), ...draft }, options);
}

/** The code in what was typed, scanned or opened: `…/desk/#code=XXXX`, or the code alone. */
export function enrolmentCode(text: string): string {
  const inAddress = /[#&?]code=([^&\s]+)/.exec(text)?.[1];
  return (inAddress === undefined ? text : decodeURIComponent(inAddress)).replace(/[\s-]/g, "").toUpperCase();
}

/** Make this tablet the desk that a code stands for, with a key of its own that cannot be copied out. */
export async function enrolDesk(desk: Desk, code: string): Promise<Posted<CommandAnswer<{ kid: number }, DeskState>>> {
  const before = (await desk.db.get("keys", "enrolling")) as PendingEnrolment | undefined;
  const pending = before?.code === code ? before : await beginEnrolment(desk, code);
  const { keys, ...command } = pending;
  const answer = await desk.http.post<CommandAnswer<{ kid: number }, DeskState>>("/enrol", command);
  if (answer.status === "unreachable") return answer;
  if (answer.status === "done") {
    await desk.db.put("keys", { keys, kid: answer.value.result.kid }, "desk");
    desk.live.replace(answer.value.state);
    // Only what is fetched teaches the server's time, and the tablet may lose its signal at any moment.
    void desk.live.refresh();
  }
  await desk.db.delete("keys", "enrolling");
  return answer;
}

async function beginEnrolment(desk: Desk, code: string): Promise<PendingEnrolment> {
  const keys = await generateKeys();
  const now = desk.clock.now();
  const pending = {
    command_id: uuidv7(now), occurred_at: isoInstant(now), code, public_key: await exportPublicKey(keys.publicKey), keys,
  };
  await desk.db.put("keys", pending, "enrolling");
  return pending;
}

/** The tablet's own key and its number, or null when this browser has lost it (or belongs to another enrolment). */
export async function ownKey(db: Database, kid: number | null): Promise<DeviceKey | null> {
  const kept = (await db.get("keys", "desk")) as { keys: CryptoKeyPair; kid: number } | undefined;
  return kept && kept.kid === kid ? { kid: kept.kid, privateKey: kept.keys.privateKey } : null;
}

/** The desk's private key; null as `ownKey`. */
export async function deskKey(desk: Desk, kid: number): Promise<CryptoKey | null> {
  return (await ownKey(desk.db, kid))?.privateKey ?? null;
}

/** What proves that something made here is not older: the newest signed state of the log that the tablet has seen. */
export function anchorOf(state: Pick<DeskState, "checkpoint"> | null): string {
  return state?.checkpoint?.anchor ?? NO_ANCHOR;
}

/** Tell the server that somebody is at the tablet. */
export function reportActivity(desk: Desk): void {
  void desk.http.post("/activity", {}).then((answer) => {
    if (answer.status === "refused") void desk.live.refresh();
  });
}

/** Ask the server whether a manager's code is right; a wrong one is counted there. */
export function checkManagerCode(desk: Desk, code: string): Promise<Posted<CommandAnswer<unknown, DeskState>>> {
  return ask<EnterManagerCode, unknown>(desk, "/manager-code", { code }, { timeoutMs: PATIENCE_MS });
}

/** Tell the server which code is on the screen, so that it can check the six characters a driver types. */
export async function reportRelease(desk: Desk, release: Draft<ShowRelease>): Promise<boolean> {
  const answer = await ask<ShowRelease, { short_code: string }>(desk, "/releases", release);
  if (answer.status === "refused" && answer.problem.status === 401) void desk.live.refresh();
  return answer.status === "done";
}
