/**
 * What the audiences' JSON has in common: money, refusals, command answers and socket nudges.
 *
 * Instants are ISO 8601 in UTC (`2026-11-22T18:04:05.123Z`), distances metres, durations seconds,
 * money integer minor units with an ISO 4217 currency.
 */
export interface Money {
  amount_minor: number;
  currency: string;
}

export interface PayLine extends Money {
  kind: "base" | "per_mile" | "per_stop" | "per_parcel" | "waiting" | "floor" | "raise" | "guarantee" | "tip";
  /** What the amount was computed from, for people: "4.2 mi × $0.70". */
  facts: string;
}

export interface Point {
  lat: number;
  lon: number;
}

/** RFC 9457 problem document; `code` is stable and public, the words are in the reader's language. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  next_step: string;
  instance?: string;
  errors?: { loc: string; msg: string }[];
}

/** What does not fit together about a delivery, in the reader's words. */
export interface Incident {
  id: string;
  kind: string;
  handle: string;
  title: string;
  detail: string;
  next_step: string;
}

/** The fields every command carries; the id is made where the command is born. */
export interface Command {
  /** UUIDv7. */
  command_id: string;
  /** The device's clock, corrected by the server offset it knows. */
  occurred_at: string;
}

/** Answer to every command: what it did, and the audience's fresh state. */
export interface CommandAnswer<Result, State> {
  result: Result;
  state: State;
}

/** Socket event `changed`: something in this audience's state is newer; fetch `state`. */
export interface Changed {
  v: 1;
  entity: string;
  id: string;
  rev: number | string;
  at: string;
}

/** Socket event `position`: the only state that travels inside a message. Latest wins. */
export interface PositionMessage {
  v: 1;
  lat: number;
  lon: number;
  accuracy_m: number;
  at: string;
}

/** Short-lived right to open a socket; sent as Socket.IO `auth: { ticket }`. */
export interface SocketGrant {
  ticket: string;
}

/** The newest checkpoint of the server's log: what a device puts into everything it signs. */
export interface Checkpoint {
  /** First 8 bytes of the SHA-256 of the checkpoint's note, 16 hex digits. */
  anchor: string;
  /** Events that it covers. */
  size: number;
  at: string;
}
