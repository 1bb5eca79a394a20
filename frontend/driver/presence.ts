/**
 * The codes that this phone shows when the clerk scans instead of the driver.
 *
 * `P` says that the driver's phone is at this store now; it is signed here and drawn again every 15 s. A tablet that
 * does not know the driver needs `T` as well, which the server has signed. Source: handoff protocol MP1, "Tokens".
 */
import { toHex } from "../lib/bytes";
import type { DeviceKey } from "../lib/chain";
import type { Clock } from "../lib/clock";
import type { Database } from "../lib/database";
import { sign } from "../lib/signing";
import { CodeRefused, type Presence, encode, parse, signedBytes, ticketSetOf } from "../lib/tokens";
import type { PickupDelivery, Run } from "./api";

/** A code is drawn again with a new nonce this often; a tablet takes it for a minute. */
export const REDRAWN_EVERY_MS = 15_000;
/** With tickets, the codes take turns of this length: long enough to be scanned, short enough to wait for. */
export const TURN_MS = 5_000;
const MOST_SHOWN = 200;

export interface PresenceParts {
  db: Database;
  clock: Clock;
  key: () => Promise<DeviceKey | null>;
  anchor: () => string;
}

/** A counter, and under which name its codes are noted. */
export interface ShownAt {
  id: string;
  store: { number: number };
}

export interface PresenceCodes {
  /** A fresh code for what waits at a counter, nothing for somebody who brings parcels; or null when this phone has no key. Its nonce is kept before it is shown. */
  draw(stop: ShownAt, waiting: readonly PickupDelivery[]): Promise<string | null>;
  /** Every nonce that was shown at a stop, oldest first, also before a restart. */
  shown(stopId: string): Promise<string[]>;
}

/** Create the codes of this phone. */
export function createPresenceCodes({ db, clock, key, anchor }: PresenceParts): PresenceCodes {
  const shown = async (stopId: string): Promise<string[]> => ((await db.get("state", shownKey(stopId))) as string[] | undefined) ?? [];
  return {
    shown,
    async draw(stop, waiting) {
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
        ticketSet: await ticketSetOf(waiting.map(({ handle }) => handle)),
      };
      return encode(token, await sign(own.privateKey, signedBytes(token)));
    },
  };
}

/**
 * The tickets for what is to be collected: the same deliveries that the presence names, for the tablet compares.
 *
 * One that has run out at `nowS` (Unix seconds) is left out: no tablet takes it.
 */
export function ticketsFor(waiting: readonly PickupDelivery[], run: Run, nowS: number): { texts: string[]; areOver: boolean } {
  const here = new Set(waiting.map(({ handle }) => handle));
  const all = (run.tickets ?? []).filter(({ handle }) => here.has(handle)).map(({ text }) => text);
  const texts = all.filter((text) => !isOver(text, nowS));
  return { texts, areOver: texts.length < all.length };
}

function isOver(text: string, nowS: number): boolean {
  try {
    const { token } = parse(text);
    return token.kind === "ticket" && token.exp < nowS;
  } catch (error) {
    if (error instanceof CodeRefused) return false;
    throw error;
  }
}

function shownKey(stopId: string): string {
  return `shown:${stopId}`;
}
