/**
 * A device's chain: its statements are numbered, and each names the hash of the one before.
 *
 * A missing or doubled number shows that something was lost, or that somebody copied the device's storage. So a number
 * is only used up by a statement that is kept: number, hash and outbox entry are written in one transaction, or none.
 * Signing is asynchronous and would end that transaction. It therefore comes first, under a lock, and the transaction
 * then looks whether the chain's end is still where it was. A tab that dies in between has used up nothing.
 */
import { sha256Hex } from "./bytes";
import type { Clock } from "./clock";
import type { Database } from "./database";
import { type Beside, NO_ENVELOPE, type Personal, type Said, type Statement, commitTo, signEnvelope } from "./envelope";
import type { RandomBytes } from "./ids";
import type { Lock } from "./lock";
import { type Keeping, keepEntry } from "./outbox-records";

/** This device's own key. */
export interface DeviceKey {
  kid: number;
  privateKey: CryptoKey;
}

/** The last statement of a device: its number, and the hash of its envelope. */
export interface ChainHead {
  seq: number;
  prev: string;
}

/** A statement that is signed and not kept yet. */
export interface Signed {
  statement: Statement;
  envelope: string;
  beside: Beside;
}

/** What a person says, with what identifies it. */
export interface Saying {
  said: Said;
  personal: Personal;
  /** UUIDv7. */
  eventId: string;
  /** Server-corrected milliseconds. */
  occurredAt: number;
}

export interface Chain {
  /**
   * Sign as this device's next statement, and keep what `keepingOf` makes of it.
   *
   * Raises: NoDeviceKey; CodeRefused from what is written alongside; the database's error when the device is full.
   */
  append(saying: Saying, keepingOf: (signed: Signed) => Promise<Keeping>): Promise<void>;
}

export interface ChainParts {
  db: Database;
  /** One signer at a time over all tabs; another lock than the one for sending, which may last. */
  lock: Lock;
  clock: Clock;
  /** The device's key, or null when it has none that the server knows. */
  key: () => Promise<DeviceKey | null>;
  /** Anchor of the newest checkpoint seen: 16 hex digits. */
  anchor: () => string;
  random?: RandomBytes;
}

/** This device has no key to sign with. */
export class NoDeviceKey extends Error {}

/** Another tab has moved the chain on where there is no lock over tabs: this often, then it is a fault. */
const MOST_TRIES = 5;

/** Create the chain of this device. */
export function createChain({ db, lock, clock, key, anchor, random }: ChainParts): Chain {
  async function signNext(saying: Saying, device: DeviceKey, head: ChainHead): Promise<Signed> {
    const { said, personal, eventId, occurredAt } = saying;
    const { commitments, beside } = await commitTo(personal, random);
    const statement: Statement = {
      v: 1,
      event_id: eventId,
      deliveries: Object.keys(said.parcels),
      occurred_at: Math.round(occurredAt),
      clock: clock.claim(),
      anchor: anchor(),
      device: device.kid,
      seq: head.seq + 1,
      prev: head.prev,
      ...said,
      ...(Object.keys(commitments).length > 0 ? { commitments } : {}),
    };
    return { statement, envelope: await signEnvelope(statement, device.privateKey), beside };
  }

  return {
    append: (saying, keepingOf) =>
      lock(async () => {
        const device = await key();
        if (!device) throw new NoDeviceKey();
        for (let tries = 0; tries < MOST_TRIES; tries += 1) {
          const head = await readHead(db, device.kid);
          const signed = await signNext(saying, device, head);
          const next = { seq: signed.statement.seq, prev: await sha256Hex(signed.envelope) };
          const move = { store: "keys" as const, key: headKey(device.kid), value: (kept: unknown) => moved(kept, head, next) };
          const keeping = await keepingOf(signed);
          try {
            return await keepEntry(db, { ...keeping, alongside: [...keeping.alongside, move] });
          } catch (error) {
            if (!(error instanceof ChainMoved)) throw error;
          }
        }
        throw new ChainMoved();
      }),
  };
}

/** The end of a device's chain. */
export async function readHead(db: Database, kid: number): Promise<ChainHead> {
  return ((await db.get("keys", headKey(kid))) as ChainHead | undefined) ?? { seq: 0, prev: NO_ENVELOPE };
}

class ChainMoved extends Error {}

function moved(kept: unknown, from: ChainHead, to: ChainHead): ChainHead {
  if (((kept as ChainHead | undefined)?.seq ?? 0) !== from.seq) throw new ChainMoved();
  return to;
}

function headKey(kid: number): string {
  return `chain:${kid}`;
}
