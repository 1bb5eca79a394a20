/**
 * Judging a scanned code on the phone, before anything is sent: the same rules and words as the server's, so that a
 * wrong code is explained at the counter also without signal.
 */
import type { Problem } from "../lib/api";
import { t } from "../lib/i18n";
import { problemFor } from "../scan/problems";
import { expiredEntry, type PinnedKey, trustedEntry } from "../lib/roster";
import { checkSignature } from "../lib/signing";
import { CodeRefused, type CustomerCode, type Label, type Release, parse, refuseRelease, verifyScanned } from "../lib/tokens";
import type { DriverState, DropoffDelivery, PickupStop, Run } from "./api";
import { type Mark, remainingAt } from "./steps";

export type Judged<Token> = { token: Token } | { problem: Problem };

export interface CounterFacts {
  stop: PickupStop;
  run: Run;
  mark: Mark;
  /** Key id of this phone. */
  myKid: number;
  /** Unix seconds. */
  nowS: number;
  usedNonces: ReadonlySet<string>;
  serverKeys: DriverState["server_keys"];
}

type Key = { kid: number; public_key: string };

/** The desks of a run that count now: on the server's signed word where there is one, which runs out after a day. */
async function deskKeysOf(run: Run, serverKeys: readonly PinnedKey[], nowS: number): Promise<Key[]> {
  const stores = run.stops.flatMap((stop) => (stop.kind === "dropoff" ? [] : [stop.store]));
  const desks = stores.flatMap(({ number, desks: each }) => each.map((desk) => ({ ...desk, number })));
  const trusted = desks.map(async ({ kid, public_key, entry, number }): Promise<Key[]> => {
    if (entry === undefined) return [{ kid, public_key }];
    const known = await trustedEntry(entry, serverKeys, nowS);
    return known?.role === "desk" && known.kid === kid && known.store === number ? [known] : [];
  });
  return (await Promise.all(trusted)).flat();
}

/** True for a desk of the run that counted until the server's word on it ran out. */
async function hasRunOut(kid: number, { run, serverKeys, nowS }: CounterFacts): Promise<boolean> {
  const desks = run.stops.flatMap((stop) => (stop.kind === "dropoff" ? [] : stop.store.desks)).filter((desk) => desk.kid === kid);
  const known = await Promise.all(desks.map(({ entry }) => expiredEntry(entry ?? "", serverKeys, nowS)));
  return known.some((entry) => entry?.role === "desk" && entry.kid === kid);
}

function keyNamed(keys: readonly Key[], role: "desk" | "server") {
  return (kid: number) => {
    const found = keys.find((key) => key.kid === kid);
    return found && { kid, role, publicKey: found.public_key };
  };
}

async function judged<Token>(work: () => Promise<Judged<Token>>): Promise<Judged<Token>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CodeRefused) return { problem: problemFor(error.code) };
    throw error;
  }
}

/** Judge a release code at a counter. The answer's problem says why it is wrong and what to do. */
export function judgeRelease(text: string, facts: CounterFacts): Promise<Judged<Release>> {
  return judged<Release>(async () => {
    const scanned = parse(text);
    const { token } = scanned;
    if (token.kind !== "release") {
      return { problem: problemFor("wrong_code_kind", { expected: t("Scan the large code on the store's tablet.") }) };
    }
    // With the desks of all the run's stores, so that a code from the store next door is told apart from a forged one.
    const desks = await deskKeysOf(facts.run, facts.serverKeys, facts.nowS);
    if (!desks.some(({ kid }) => kid === token.kid) && (await hasRunOut(token.kid, facts))) return { problem: problemFor("desk_entry_expired") };
    await verifyScanned(scanned, keyNamed(desks, "desk"), checkSignature, "desk");
    const problem = refusal(token, facts);
    return problem ? { problem } : { token };
  });
}

function refusal(release: Release, facts: CounterFacts): Problem | null {
  const { stop, mark, myKid, nowS, usedNonces } = facts;
  const code = refuseRelease(release, {
    myKid,
    nowS,
    usedNonces,
    myDeliveries: new Map(stop.deliveries.map((one) => [one.handle, one.parcel_count])),
    storeDeskKids: new Set(stop.store.desks.map(({ kid }) => kid)),
  });
  if (code) return problemFor(code, { store_name: stop.store.name, ...countsThatDiffer(release, stop) });
  const named = stop.deliveries.filter((one) => release.deliveries.some(({ handle }) => handle === one.handle));
  if (named.some((one) => one.status === "cancelled")) return problemFor("delivery_cancelled");
  const remaining = new Set(remainingAt(stop, mark).map(({ handle }) => handle));
  return named.some(({ handle }) => remaining.has(handle)) ? null : problemFor("already_used");
}

function countsThatDiffer(release: Release, stop: PickupStop): { theirs: number; ours: number } {
  for (const { handle, parcels } of release.deliveries) {
    const ours = stop.deliveries.find((one) => one.handle === handle)?.parcel_count;
    if (ours !== undefined && ours !== parcels) return { theirs: parcels, ours };
  }
  return { theirs: 0, ours: 0 };
}

/** True for the text of a parcel's label. */
export function isLabel(text: string): boolean {
  try {
    return parse(text).token.kind === "label";
  } catch (error) {
    if (error instanceof CodeRefused) return false;
    throw error;
  }
}

/** Read a parcel's label: whose parcel it is, and which of how many. Only the server can check its seal. */
export function judgeLabel(text: string, stop: PickupStop): Judged<Label> {
  const { token } = parse(text);
  if (token.kind !== "label") throw new TypeError("not a label");
  const delivery = stop.deliveries.find(({ handle }) => handle === token.handle);
  if (!delivery) return { problem: problemFor("other_delivery") };
  return token.n >= 1 && token.n <= token.of && token.of === delivery.parcel_count ? { token } : { problem: problemFor("code_damaged") };
}

/** Judge the code that a customer shows at the door. */
export function judgeCustomerCode(
  text: string,
  delivery: DropoffDelivery,
  serverKeys: DriverState["server_keys"],
  nowS: number,
): Promise<Judged<CustomerCode>> {
  return judged<CustomerCode>(async () => {
    const scanned = parse(text);
    const { token } = scanned;
    if (token.kind !== "customer") {
      return { problem: problemFor("wrong_code_kind", { expected: t("Scan the code on the customer's tracking page.") }) };
    }
    if (!serverKeys.some(({ kid }) => kid === token.kid)) return { problem: problemFor("customer_code_expired") };
    await verifyScanned(scanned, keyNamed(serverKeys, "server"), checkSignature, "server");
    if (token.handle !== delivery.handle) return { problem: problemFor("other_delivery") };
    return token.exp < nowS ? { problem: problemFor("customer_code_expired") } : { token };
  });
}
