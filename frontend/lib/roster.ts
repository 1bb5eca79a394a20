/**
 * The roster: which keys of other devices count, on the server's word and for a day at most.
 *
 * A device without signal believes another device's key only from an entry that the server has signed and that has
 * not run out. Short lives are what revokes a key: a lost tablet is out of every roster within a day.
 * Source: handoff protocol MP1, "Roster".
 */
import { readJws, verifyJws } from "./jws";

export const ROSTER_TYPE = "mp-roster+jws";

/** A key that the server pins: as it comes in state documents. */
export interface PinnedKey {
  kid: number;
  /** Uncompressed point, 130 hex digits. */
  public_key: string;
}

export interface RosterEntry extends PinnedKey {
  role: "desk" | "phone";
  /** Number of the desk's store; 0 for a phone. */
  store: number;
  /** Name of the desk, or first name of the driver. */
  name: string;
  /** Seconds since 1970. */
  iat: number;
  exp: number;
}

/** An entry says who a device is for no longer than this. */
const LONGEST_LIFE_S = 86_400;
/** A clock may lag behind the server's by this much before a fresh entry looks like one from the future. */
const AHEAD_S = 300;

/**
 * Read a roster entry. Null when it has run out, is not signed by a pinned server key, or is no entry at all.
 *
 * `nowS` is server-corrected, in seconds since 1970.
 */
export async function trustedEntry(text: string, serverKeys: readonly PinnedKey[], nowS: number): Promise<RosterEntry | null> {
  const entry = await signedEntry(text, serverKeys);
  return entry && isInTime(entry, nowS) ? entry : null;
}

/** The entry that has run out, on the server's word until then: it says whose key it was. Else null, as `trustedEntry`. */
export async function expiredEntry(text: string, serverKeys: readonly PinnedKey[], nowS: number): Promise<RosterEntry | null> {
  const entry = await signedEntry(text, serverKeys);
  return entry && nowS >= entry.exp && isInTime(entry, entry.exp - 1) ? entry : null;
}

async function signedEntry(text: string, serverKeys: readonly PinnedKey[]): Promise<RosterEntry | null> {
  try {
    const jws = readJws(ROSTER_TYPE, text);
    const pinned = serverKeys.find(({ kid }) => kid === jws.kid);
    if (!pinned || !(await verifyJws(jws, pinned.public_key))) return null;
    const entry = jws.payload as unknown as RosterEntry;
    return isWhole(entry) ? entry : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function isInTime({ iat, exp }: RosterEntry, nowS: number): boolean {
  return Number.isInteger(iat) && Number.isInteger(exp) && exp - iat <= LONGEST_LIFE_S && iat <= nowS + AHEAD_S && nowS < exp;
}

function isWhole({ kid, role, public_key, store, name }: RosterEntry): boolean {
  const isKey = Number.isInteger(kid) && /^04[0-9a-f]{128}$/.test(public_key);
  return isKey && (role === "desk" || role === "phone") && Number.isInteger(store) && typeof name === "string";
}
