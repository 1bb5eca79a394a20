/**
 * What the MP1 tokens hold and where each byte of it stands; `tokens.ts` reads and writes codes with this.
 *
 * Byte strings inside a token (handle, anchor, nonce, ticket set) are lower-case hex, so that they can be
 * compared and be members of a set. Times are Unix seconds. The twin of `app/domain/token_layout.py`.
 */
interface Header {
  kid: number;
  iat: number;
  anchor: string;
  nonce: string;
}

/** `P`: the driver's phone is at this store. */
export interface Presence extends Header {
  kind: "presence";
  store: number;
  ticketSet: string;
}

/** `R`: the desk gives these parcels to this driver. */
export interface Release extends Header {
  kind: "release";
  clerk: number;
  driverKid: number;
  deliveries: { handle: string; parcels: number }[];
}

/** `T`: the server says that this driver is to collect this delivery. */
export interface Ticket extends Header {
  kind: "ticket";
  handle: string;
  driverKid: number;
  store: number;
  epoch: number;
  exp: number;
  parcels: number;
}

/** `C`: the server says that whoever shows this may receive the delivery. */
export interface CustomerCode extends Header {
  kind: "customer";
  handle: string;
  exp: number;
  flags: number;
}

/** `L`: parcel `n` of `of`, printed; a phone cannot check its MAC. */
export interface Label {
  kind: "label";
  handle: string;
  n: number;
  of: number;
}

export type Token = Presence | Release | Ticket | CustomerCode | Label;

const MAX_DELIVERIES = 20;
const RELEASE_TYPE = 0x12;

type Field = readonly [name: string, size: number, type: "number" | "hex"];
type Values = Record<string, unknown>;

const HEADER: readonly Field[] = [["kid", 4, "number"], ["iat", 4, "number"], ["anchor", 8, "hex"], ["nonce", 8, "hex"]];
const RELEASED: readonly Field[] = [["handle", 8, "hex"], ["parcels", 1, "number"]];
// First byte -> kind, the fields after it in order (big-endian).
const LAYOUTS: Record<number, { kind: Token["kind"]; fields: readonly Field[] }> = {
  0x11: { kind: "presence", fields: [...HEADER, ["store", 4, "number"], ["ticketSet", 4, "hex"]] },
  [RELEASE_TYPE]: {
    kind: "release",
    fields: [...HEADER, ["clerk", 4, "number"], ["driverKid", 4, "number"], ["n", 1, "number"]],
  },
  0x13: {
    kind: "ticket",
    fields: [
      ...HEADER, ["handle", 8, "hex"], ["driverKid", 4, "number"], ["store", 4, "number"],
      ["epoch", 2, "number"], ["exp", 4, "number"], ["parcels", 1, "number"],
    ],
  },
  0x14: {
    kind: "customer",
    fields: [...HEADER, ["handle", 8, "hex"], ["exp", 4, "number"], ["flags", 1, "number"]],
  },
  0x15: { kind: "label", fields: [["handle", 8, "hex"], ["n", 1, "number"], ["of", 1, "number"]] },
};

/** The length of a token's signature, or of a label's MAC. */
export function signatureBytes({ kind }: Token): number {
  return kind === "label" ? 12 : 64;
}

/** Read a token; the bytes after `bodySize` are its signature. Throws RangeError unless `raw` is exactly one token. */
export function readToken(raw: Uint8Array): { token: Token; bodySize: number } {
  const layout = LAYOUTS[raw[0] ?? 0];
  if (!layout) throw new RangeError("type");
  let [values, bodySize] = readFields(raw, 1, layout.fields);
  if (raw[0] === RELEASE_TYPE) {
    const { n, ...fixed } = values;
    const deliveries = [];
    for (let line; deliveries.length < (n as number); deliveries.push(line)) {
      [line, bodySize] = readFields(raw, bodySize, RELEASED);
    }
    values = { ...fixed, deliveries };
  }
  // The layout's rows name exactly the fields of the kind's interface.
  const token = { kind: layout.kind, ...values } as unknown as Token;
  if (raw.length !== bodySize + signatureBytes(token)) throw new RangeError("length");
  if (token.kind === "release") requireOnceEach(token);
  return { token, bodySize };
}

function readFields(raw: Uint8Array, at: number, fields: readonly Field[]): [Values, number] {
  const values: Values = {};
  for (const [name, size, type] of fields) {
    const bytes = raw.subarray(at, (at += size));
    if (bytes.length < size) throw new RangeError("length");
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    values[name] = type === "hex" ? hex : Number.parseInt(hex, 16);
  }
  return [values, at];
}

/** The bytes before the signature. Throws RangeError on a value that does not fit its field. */
export function writeBody(token: Token): number[] {
  const [type, { fields }] = Object.entries(LAYOUTS).find(([, { kind }]) => kind === token.kind)!;
  if (token.kind !== "release") return [Number(type), ...writeFields({ ...token }, fields)];
  requireOnceEach(token);
  const lines = token.deliveries.flatMap((line) => writeFields(line, RELEASED));
  return [RELEASE_TYPE, ...writeFields({ ...token, n: token.deliveries.length }, fields), ...lines];
}

function writeFields(values: Values, fields: readonly Field[]): number[] {
  return fields.flatMap(([name, size, type]) => {
    const value = values[name];
    const hex = type === "hex" ? String(value) : Number(value).toString(16).padStart(2 * size, "0");
    if (!/^[0-9a-f]*$/.test(hex) || hex.length !== 2 * size) throw new RangeError(name);
    return Array.from({ length: size }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
  });
}

function requireOnceEach({ deliveries }: Release): void {
  const handles = new Set(deliveries.map(({ handle }) => handle));
  const isFine = handles.size > 0 && handles.size === deliveries.length && handles.size <= MAX_DELIVERIES;
  if (!isFine) throw new RangeError("deliveries");
}
