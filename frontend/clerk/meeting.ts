/**
 * Meeting a driver whose phone is scanned by the tablet: what its codes say, and whether they may be believed.
 *
 * `P` proves that an enrolled phone is here now. Whose phone it is, the tablet knows from the roster; it shows the face,
 * and the clerk compares. A driver whom it has not heard of yet shows `T` as well: the server's signed word that this
 * phone is to collect this delivery. Whether the phone itself signed `P` can then only be checked by the server.
 * Source: handoff protocol MP1, "Reverse (clerk scans P)".
 */
import type { Problem } from "../lib/api";
import type { Evidence } from "../lib/envelope";
import { t } from "../lib/i18n";
import { expiredEntry, type PinnedKey, trustedEntry } from "../lib/roster";
import { checkSignature } from "../lib/signing";
import { CodeRefused, parse, type Presence, refuseAge, type Scanned, type Ticket, ticketSetOf, verifyScanned } from "../lib/tokens";
import type { ArrivingDriver, DeskDelivery, DeskState } from "./api";
import { problemFor } from "./problems";
import { BRINGS } from "./visit";

type Waiting = ArrivingDriver["deliveries"][number];

/** One code that was read and believed, as far as this tablet can. */
interface Read<Token> {
  token: Token;
  text: string;
}

/** What has been read so far from the phone in front of the camera. */
export interface Meeting {
  presence: Read<Presence> | null;
  /** Null while the phone is not one of the roster. */
  run: ArrivingDriver | null;
  tickets: readonly Read<Ticket>[];
}

/** A parcel to give; without a name when this tablet has never heard of the delivery. */
export interface Offered {
  id: string | null;
  handle: string;
  parcel_count: number;
  packed: boolean;
  recipient_first_name: string | null;
  /** Dear goods, as far as this tablet knows. */
  needs_manager_code?: boolean;
}

/** The phone is believed: who it is, and what may be given. */
export interface Met {
  /** Null when only tickets speak for the driver. */
  run: ArrivingDriver | null;
  deliveries: readonly Offered[];
  nonce: string;
  /** When the phone made its code, Unix seconds. */
  iat: number;
  evidence: Evidence[];
}

export type MeetingStep =
  | { status: "refused"; problem: Problem }
  /** presence: the driver's own code (again) · tickets: this phone is not known here. */
  | { status: "more"; meeting: Meeting; wanted: "presence" | "tickets"; problem?: Problem }
  | { status: "met"; meeting: Meeting; met: Met };

export interface MeetingFacts {
  state: Pick<DeskState, "store" | "server_keys" | "arriving" | "to_pack" | "ready" | "gone">;
  /** The run that the clerk has chosen; null when any driver may be met. */
  expected: ArrivingDriver | null;
  /** Handles of what this tablet has given already, whether or not the server knows. */
  given: ReadonlySet<string>;
  /** Corrected Unix seconds. */
  nowS: number;
  usedNonces: ReadonlySet<string>;
}

export const NOBODY_MET: Meeting = { presence: null, run: null, tickets: [] };

const DESK_WORDS: Readonly<Record<string, string>> = {
  code_too_long: "driver_code_not_ours",
  code_not_ours: "driver_code_not_ours",
  code_damaged: "driver_code_damaged",
  bad_signature: "driver_code_damaged",
  stale_code: "driver_code_old",
};

/** The two sides of a handover may say times this far apart. The twin of `FRESH_PAIR` in `app/domain/handoff.py`. */
const FRESH_PAIR_S = 120;

/** Tell whether what was scanned may still be given now, corrected milliseconds. */
export function isFresh({ iat }: Pick<Met, "iat">, now: number): boolean {
  return now / 1_000 - iat <= FRESH_PAIR_S;
}

/** Take in one scanned text. A refused one changes nothing of what was read before. */
export async function meet(text: string, meeting: Meeting, facts: MeetingFacts): Promise<MeetingStep> {
  try {
    const scanned = parse(text);
    if (scanned.token.kind === "presence") return await next(await withPresence(meeting, scanned, text, facts), facts);
    if (scanned.token.kind === "ticket") return await next(await withTicket(meeting, scanned, text, facts), facts);
    return refused(problemFor("wrong_code_kind", { expected: t("Ask the driver to open their own code in the app, then scan that.") }));
  } catch (error) {
    if (error instanceof CodeRefused) return refused(problemFor(DESK_WORDS[error.code] ?? error.code, { store_name: facts.state.store.name }));
    if (error instanceof Refusal) return refused(error.problem);
    throw error;
  }
}

async function withPresence(meeting: Meeting, scanned: Scanned, text: string, facts: MeetingFacts): Promise<Meeting> {
  const token = scanned.token as Presence;
  const run = await knownRun(token.kid, facts);
  if (run) {
    const key = { kid: token.kid, role: "phone" as const, publicKey: run.driver.public_key ?? "" };
    await verifyScanned(scanned, () => key, checkSignature, "phone");
  }
  const code = refusePresence(token, facts);
  if (code) throw new CodeRefused(code);
  if (token.ticketSet === BRINGS) throw new Refusal(problemFor("carrier_brings", { store_name: facts.state.store.name }));
  const { expected } = facts;
  if (run && expected && run.run_id !== expected.run_id) throw new Refusal(problemFor("driver_is_another", { name: run.driver.first_name }));
  const tickets = meeting.tickets.filter((ticket) => ticket.token.driverKid === token.kid);
  return { presence: { token, text }, run, tickets };
}

function refusePresence(token: Presence, { state, nowS, usedNonces }: MeetingFacts): string | null {
  const aged = refuseAge(token.iat, nowS);
  if (aged) return aged;
  if (token.store !== state.store.number) return "driver_at_other_store";
  return usedNonces.has(token.nonce) ? "driver_code_used" : null;
}

/** The run of the phone with this key, on the server's unexpired word. */
async function knownRun(kid: number, { state, nowS }: MeetingFacts): Promise<ArrivingDriver | null> {
  for (const run of state.arriving.filter(({ driver }) => driver.kid === kid && kid !== 0)) {
    const entry = await trustedEntry(run.driver.entry ?? "", state.server_keys, nowS);
    if (entry?.role === "phone" && entry.kid === kid && entry.public_key === run.driver.public_key) return run;
  }
  return null;
}

/** Somebody on the list whose phone this tablet may no longer believe is not simply unknown. */
async function whyUnknown(kid: number, { state, nowS }: MeetingFacts): Promise<{ problem?: Problem }> {
  for (const { driver } of state.arriving.filter(({ driver }) => driver.kid === kid && kid !== 0)) {
    const entry = await expiredEntry(driver.entry ?? "", state.server_keys, nowS);
    if (entry?.role === "phone" && entry.kid === kid) return { problem: problemFor("driver_entry_expired", { name: driver.first_name }) };
  }
  return {};
}

async function withTicket(meeting: Meeting, scanned: Scanned, text: string, facts: MeetingFacts): Promise<Meeting> {
  const token = scanned.token as Ticket;
  const isGenuine = await isSigned(scanned, token.kid, facts.state.server_keys);
  const code = isGenuine ? refuseTicket(token, meeting, facts) : "ticket_unknown";
  if (code) throw new CodeRefused(code);
  const others = meeting.tickets.filter((ticket) => ticket.token.handle !== token.handle);
  return { ...meeting, tickets: [...others, { token, text }] };
}

async function isSigned(scanned: Scanned, kid: number, serverKeys: readonly PinnedKey[]): Promise<boolean> {
  const key = serverKeys.find((each) => each.kid === kid);
  if (!key) return false;
  const named = { kid, role: "server" as const, publicKey: key.public_key };
  try {
    await verifyScanned(scanned, () => named, checkSignature, "server");
    return true;
  } catch (error) {
    if (error instanceof CodeRefused) return false;
    throw error;
  }
}

function refuseTicket(token: Ticket, { presence, tickets }: Meeting, { state, nowS }: MeetingFacts): string | null {
  if (token.exp < nowS) return "ticket_expired";
  if (token.store !== state.store.number) return "driver_at_other_store";
  const kids = new Set([presence?.token.kid, ...tickets.map((each) => each.token.driverKid)].filter((kid) => kid !== undefined));
  if (kids.size > 0 && !kids.has(token.driverKid)) return "ticket_other_driver";
  const known = [...state.to_pack, ...state.ready, ...state.gone].find(({ handle }) => handle === token.handle);
  if (known?.status === "cancelled") return "delivery_cancelled";
  const holder = state.arriving.find((run) => run.deliveries.some(({ handle }) => handle === token.handle));
  return holder && token.epoch < holder.epoch ? "ticket_superseded" : null;
}

async function next(meeting: Meeting, facts: MeetingFacts): Promise<MeetingStep> {
  const { presence, run, tickets } = meeting;
  if (!presence) return { status: "more", meeting, wanted: "presence" };
  const open = run ? await namedBy(presence.token, waitingFor(run, facts)) : null;
  if (run && !open) return refused(problemFor("driver_list_differs"));
  if (run && open?.length === 0) return refused(problemFor("driver_has_all", { name: run.driver.first_name }));
  const read = tickets.map(({ token }) => token.handle);
  if (!open && (await ticketSetOf(read)) !== presence.token.ticketSet) return { status: "more", meeting, wanted: "tickets", ...(await whyUnknown(presence.token.kid, facts)) };
  // Reading many tickets takes longer than the phone's own code lives.
  if (refuseAge(presence.token.iat, facts.nowS)) return { status: "more", meeting, wanted: "presence" };
  const ticketsRead = tickets.map(({ text }) => ({ kind: "ticket" as const, text }));
  const evidence: Evidence[] = [{ kind: "presence", text: presence.text }, ...(run ? [] : ticketsRead)];
  const deliveries = open ?? tickets.map(({ token }) => offeredBy(token, facts));
  return { status: "met", meeting, met: { run, deliveries, nonce: presence.token.nonce, iat: presence.token.iat, evidence } };
}

/** What the driver has here, as this tablet and as the phone may see it: what was just given is done for one of them only. */
function waitingFor(run: ArrivingDriver, { state, given }: MeetingFacts): Waiting[][] {
  const stops = state.arriving.filter(({ run_id }) => run_id === run.run_id);
  const all = stops.flatMap(({ deliveries }) => deliveries).filter(({ direction }) => direction === "pickup");
  const open = all.filter(({ done }) => !done);
  const rest = open.filter(({ handle }) => !given.has(handle));
  return [rest, open, all];
}

/** Of several lists that both sides may mean, what is still to give by the one that the phone does mean. */
async function namedBy({ ticketSet }: Presence, lists: readonly Waiting[][]): Promise<Waiting[] | null> {
  for (const list of lists) if ((await ticketSetOf(list.map(({ handle }) => handle))) === ticketSet) return lists[0]!;
  return null;
}

function offeredBy({ handle, parcels }: Ticket, { state }: MeetingFacts): Offered {
  const known: DeskDelivery | undefined = [...state.to_pack, ...state.ready].find((delivery) => delivery.handle === handle);
  return {
    id: known?.id ?? null,
    handle,
    parcel_count: parcels,
    packed: known ? known.packed_at !== null : true,
    recipient_first_name: known?.recipient_first_name ?? null,
    ...(known?.needs_manager_code ? { needs_manager_code: true } : {}),
  };
}

class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}

function refused(problem: Problem): MeetingStep {
  return { status: "refused", problem };
}
