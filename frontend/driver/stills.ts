/**
 * Photos that were taken and not used yet. Each is kept sealed on this phone from the press of the shutter on, because a
 * page may be ended at any moment; it is erased when it is used or taken again, and by `wiping.ts` when its stop is over.
 */
import type { Database } from "../lib/database";
import { sealBytes, unsealBytes } from "../lib/sealing";
import { STILL } from "./still-key";

/** Where things are kept, and whether they may be: not after signing out or while another phone is the active one. */
export interface Keeping {
  db: Database;
  mayKeep: () => boolean;
}

/**
 * Keep the photo of a stop instead of the one before; it is on the disk when this returns.
 *
 * Returns: false when it could not be kept: the phone is full, or may not keep anything.
 */
export async function keepStill({ db, mayKeep }: Keeping, stopId: string, photo: Blob): Promise<boolean> {
  try {
    const sealed = await sealBytes(db, new Uint8Array(await photo.arrayBuffer()));
    // Sealing takes a moment, in which everything may have been forgotten: it must not come back.
    if (!mayKeep()) return false;
    const tx = db.transaction("photos", "readwrite", { durability: "strict" });
    await Promise.all([tx.store.put({ ...sealed, type: photo.type }, STILL + stopId), tx.done]);
    return true;
  } catch {
    return false;
  }
}

/** The photo of a stop that was taken and not used; null when there is none that can be read. */
export async function keptStill({ db }: Keeping, stopId: string): Promise<Blob | null> {
  try {
    const kept = await db.get("photos", STILL + stopId);
    return kept ? new Blob([await unsealBytes(db, kept)], { type: kept.type }) : null;
  } catch {
    return null;
  }
}

/** Whether `keptStill` has something to read. */
export async function hasStill({ db }: Keeping, stopId: string): Promise<boolean> {
  return (await db.getKey("photos", STILL + stopId).catch(() => undefined)) !== undefined;
}

/** Forget the photo of a stop. */
export async function eraseStill({ db }: Keeping, stopId: string): Promise<void> {
  await db.delete("photos", STILL + stopId).catch(() => undefined);
}
