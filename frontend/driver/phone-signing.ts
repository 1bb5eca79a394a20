/** The private half of this phone's key, and what its statements need besides. */
import type { DeviceKey } from "../lib/chain";
import type { Database } from "../lib/database";

/** Where the key is kept in `keys`. */
export const KEY_NAME = "phone";

export interface KeptKey {
  user_id: string;
  /** Null until the server has taken the key. */
  kid: number | null;
  pair: CryptoKeyPair;
}

/** The key of this driver that the server knows, or null. */
export async function signingKey(db: Database, userId: string | null): Promise<DeviceKey | null> {
  const kept = (await db.get("keys", KEY_NAME)) as KeptKey | undefined;
  if (!kept || kept.user_id !== userId || kept.kid === null) return null;
  return { kid: kept.kid, privateKey: kept.pair.privateKey };
}
