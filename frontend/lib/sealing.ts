/**
 * Data at rest: what names customers is encrypted in IndexedDB under a key that cannot leave this browser.
 *
 * AES-GCM with 256 bits. Whoever copies the files of a phone finds no address in them; the key dies with the
 * database. A page without WebCrypto (no https) has to keep its data as they are.
 */
import type { Database, Sealed } from "./database-schema";

export type { Sealed };

const KEY_NAME = "sealing";
const IV_BYTES = 12;
const keys = new WeakMap<Database, Promise<CryptoKey>>();

/** Encrypt a JSON value. */
export function seal(db: Database, value: unknown): Promise<Sealed> {
  return sealBytes(db, new TextEncoder().encode(JSON.stringify(value)));
}

/** The value that was sealed. Raises: the browser's error when it was sealed under another key. */
export async function unseal<Value>(db: Database, sealed: Sealed): Promise<Value> {
  return JSON.parse(new TextDecoder().decode(await unsealBytes(db, sealed))) as Value;
}

/** Encrypt bytes, such as a photo. */
export async function sealBytes(db: Database, bytes: Uint8Array<ArrayBuffer>): Promise<Sealed> {
  if (!globalThis.crypto?.subtle) return readable(bytes);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(db), bytes) };
}

/** The bytes that were sealed. Raises as `unseal`. */
export async function unsealBytes(db: Database, { iv, bytes }: Sealed): Promise<ArrayBuffer> {
  return iv ? crypto.subtle.decrypt({ name: "AES-GCM", iv }, await keyOf(db), bytes) : bytes;
}

/** Bytes in the form of sealed ones, not encrypted: for what was kept before there was a key. */
export function readable(bytes: Uint8Array<ArrayBuffer>): Sealed {
  return { iv: null, bytes: bytes.slice().buffer };
}

function keyOf(db: Database): Promise<CryptoKey> {
  const known = keys.get(db);
  if (known) return known;
  const key = recallKey(db);
  keys.set(db, key);
  // A failure is not kept: the next try may find room.
  key.catch(() => keys.delete(db));
  return key;
}

/** The kept key; made first when there is none. Of two tabs that make one at a time, the first to keep it wins. */
async function recallKey(db: Database): Promise<CryptoKey> {
  const kept = (await db.get("keys", KEY_NAME)) as CryptoKey | undefined;
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const tx = db.transaction("keys", "readwrite", { durability: "strict" });
  const work = async (): Promise<CryptoKey> => {
    const first = (await tx.store.get(KEY_NAME)) as CryptoKey | undefined;
    if (!first) await tx.store.put(made, KEY_NAME);
    return first ?? made;
  };
  const [key] = await Promise.all([work(), tx.done]);
  return key;
}
