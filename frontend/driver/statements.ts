/**
 * What each step of a driver says when it is signed: which parcels, by which evidence, and what stays beside it.
 *
 * A step is kept twice in one entry: the statement is what the server gets, the body is what the screens read while
 * it waits.
 */
import type { FailureReason, Personal, Said } from "../lib/envelope";
import type { DropoffStop, PickupDelivery, ReturnStop, Run } from "./api";

/** How parcels were collected. `parcels` (handle → number) is what the driver takes. */
export type Taken =
  | { kind: "release_code"; text: string; nonce: string; parcels: Parcels; labels: readonly string[] }
  | { kind: "short_code"; text: string }
  | { kind: "assertion"; reason: string; parcels: Parcels; labels: readonly string[]; managerCode?: string | null }
  /** The clerk has scanned this phone: every nonce it showed. */
  | { kind: "presence"; shown: readonly string[]; parcels: Parcels };

/** How a delivery was proved. A photo is named by the SHA-256 of the bytes that are uploaded. */
export type Proof =
  | { kind: "customer_code"; text: string }
  | { kind: "pin"; pin: string }
  | { kind: "photo"; sha256: string }
  | { kind: "none" };

export type Parcels = Readonly<Record<string, number>>;

/** A statement without who says it. */
export interface Words {
  said: Pick<Said, "type" | "parcels" | "evidence" | "shown" | "reason" | "refers_to" | "assignment_epoch">;
  personal: Personal;
}

/** Nonces of the last hour; the statement takes this many. */
const MOST_SHOWN = 200;
/** The statement takes 40 pieces of evidence; more labels than that have been counted and need not travel. */
const MOST_LABELS = 38;
const STATEMENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Handle → parcels of some deliveries. */
export function parcelsOf(deliveries: readonly Pick<PickupDelivery, "handle" | "parcel_count">[]): Parcels {
  return Object.fromEntries(deliveries.map(({ handle, parcel_count }) => [handle, parcel_count]));
}

/** A collection. A typed short code says nothing that could be signed: it stays a plain command. */
export function pickedUp(run: Run, taken: Exclude<Taken, { kind: "short_code" }>): Words {
  const common = { type: "handoff.picked_up", parcels: taken.parcels, assignment_epoch: run.epoch } as const;
  if (taken.kind === "presence") {
    const said = { ...common, evidence: [{ kind: "assertion" }], shown: taken.shown.slice(-MOST_SHOWN) } as const;
    return { said, personal: {} };
  }
  const labels = taken.labels.slice(0, MOST_LABELS).map((text) => ({ kind: "label", text }) as const);
  if (taken.kind === "release_code") {
    return { said: { ...common, evidence: [{ kind: "release_code", text: taken.text }, ...labels] }, personal: {} };
  }
  const { managerCode, reason } = taken;
  const approved = managerCode ? [{ kind: "manager_code" } as const] : [];
  const personal = { note: reason, ...(managerCode ? { manager_code: managerCode } : {}) };
  return { said: { ...common, evidence: [{ kind: "assertion" }, ...approved, ...labels] }, personal };
}

/** A delivery at the door. */
export function delivered(run: Run, { delivery }: DropoffStop, proof: Proof): Words {
  const evidence = proof.kind === "pin" ? ({ kind: "pin" } as const) : proof;
  return {
    said: { type: "handoff.delivered", parcels: parcelsOf([delivery]), evidence: [evidence], assignment_epoch: run.epoch },
    personal: proof.kind === "pin" ? { pin: proof.pin } : {},
  };
}

/** A delivery that could not be made. */
export function failed(run: Run, { delivery }: DropoffStop, reason: FailureReason, note: string): Words {
  return {
    said: { type: "handoff.failed", parcels: parcelsOf([delivery]), evidence: [], reason, assignment_epoch: run.epoch },
    personal: note ? { note } : {},
  };
}

/** Parcels that are back at the store. */
export function returned(run: Run, { deliveries }: ReturnStop): Words {
  return {
    said: { type: "handoff.returned", parcels: parcelsOf(deliveries), evidence: [{ kind: "assertion" }], assignment_epoch: run.epoch },
    personal: {},
  };
}

/** The driver has the parcels that the store says it gave. */
export function confirmed(handle: string, count: number, epoch: number): Words {
  const evidence = [{ kind: "assertion" }] as const;
  return { said: { type: "handoff.picked_up", parcels: { [handle]: count }, evidence, assignment_epoch: epoch }, personal: {} };
}

/** The driver has not got them: a correction of the store's statement. `eventId` is empty where the store signed nothing. */
export function disputed(handle: string, count: number, epoch: number, eventId: string): Words {
  const evidence = [{ kind: "assertion" }] as const;
  const said = { type: "correction", parcels: { [handle]: count }, evidence, assignment_epoch: epoch } as const;
  return { said: { ...said, ...(STATEMENT_ID.test(eventId) ? { refers_to: eventId } : {}) }, personal: {} };
}

/** A position in the one form that is committed to: degrees with six decimals, accuracy in whole metres. */
export function geoText(fix: { lat: number; lon: number; accuracy_m: number }): string {
  return `${fix.lat.toFixed(6)},${fix.lon.toFixed(6)},${Math.round(fix.accuracy_m)}`;
}
