/**
 * The codes that this phone shows when the clerk scans instead of the driver.
 *
 * `P` says that the driver's phone is at this store now; it is signed here and drawn again every 15 s. A tablet that
 * does not know the driver needs `T` as well, which the server has signed. Source: handoff protocol MP1, "Tokens".
 */
import { fromHex, sha256Hex, toHex } from "../lib/bytes";
import type { DeviceKey } from "../lib/chain";
import type { Clock } from "../lib/clock";
import type { Database } from "../lib/database";
import { sign } from "../lib/signing";
import { type Presence, encode, signedBytes } from "../lib/tokens";
import type { PickupStop, Run } from "./api";

/** A code is drawn again with a new nonce this often; a tablet takes it for a minute. */
export const REDRAWN_EVERY_MS = 15_000;
/** With tickets, the codes take turns of this length: long enough to be scanned, short enough to wait for. */
export const TURN_MS = 5_000;
const MOST_SHOWN = 200;
const TICKET_SET_DIGITS = 8;

export interface PresenceParts {
  db: Database;
  clock: Clock;
  key: () => Promise<DeviceKey | null>;
  anchor: () => string;
}

export interface PresenceCodes {
  /** A fresh code for a stop, or null when this phone has no key. Its nonce is kept before it is shown. */
  draw(stop: PickupStop): Promise<string | null>;
  /** Every nonce that was shown at a stop, oldest first, also before a restart. */
  shown(stopId: string): Promise<string[]>;
}

/** Create the codes of this phone. */
export function createPresenceCodes({ db, clock, key, anchor }: PresenceParts): PresenceCodes {
  const shown = async (stopId: string): Promise<string[]> => ((await db.get("state", shownKey(stopId))) as string[] | undefined) ?? [];
  return {
    shown,
    async draw(stop) {
      const own = await key();
      if (!own) return null;
      const nonce = toHex(crypto.getRandomValues(new Uint8Array(8)));
      await db.put("state", [...(await shown(stop.id)), nonce].slice(-MOST_SHOWN), shownKey(stop.id));
      const token: Presence = {
        kind: "presence",
        kid: own.kid,
        iat: Math.floor(clock.now() / 1_000),
        anchor: anchor(),
        nonce,
        store: stop.store.number,
        ticketSet: await ticketSetOf(stop.deliveries.map(({ handle }) => handle)),
      };
      return encode(token, await sign(own.privateKey, signedBytes(token)));
    },
  };
}

/** The four bytes by which a presence names the driver's deliveries at a store, hex. The twin of `ticket_set_of`. */
export async function ticketSetOf(handles: readonly string[]): Promise<string> {
  return (await sha256Hex(fromHex([...handles].sort().join("")))).slice(0, TICKET_SET_DIGITS);
}

/** The tickets for what is to be collected at a stop. */
export function ticketsAt(stop: PickupStop, run: Run): string[] {
  const here = new Set(stop.deliveries.map(({ handle }) => handle));
  return (run.tickets ?? []).filter(({ handle }) => here.has(handle)).map(({ text }) => text);
}

function shownKey(stopId: string): string {
  return `shown:${stopId}`;
}
