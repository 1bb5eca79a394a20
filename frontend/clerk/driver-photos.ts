/** The faces of the drivers who are coming, kept sealed so that a clerk can compare them without signal. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Database } from "../lib/database";
import { sealBytes, unsealBytes } from "../lib/sealing";
import type { ArrivingDriver } from "./api";

type Driver = Pick<ArrivingDriver["driver"], "person_id" | "photo_url">;

export interface DriverPhotos {
  /** Person id → address of the picture in this page. */
  urls: ReadonlySignal<ReadonlyMap<string, string>>;
  /**
   * Show the photos of these drivers. `canFetch`: the server knows who is here, so pictures are fetched, and those of
   * drivers who are no longer coming are forgotten. A picture that could not be fetched is asked for the next time.
   */
  follow(drivers: readonly Driver[], canFetch: boolean): Promise<void>;
  forget(): Promise<void>;
}

interface Parts {
  db: Database;
  fetch: (address: string) => Promise<Response>;
  /** Makes an address of a picture, and takes it back. */
  addresses?: Pick<typeof URL, "createObjectURL" | "revokeObjectURL">;
}

const PREFIX = "driver:";

/** Create the keeper of drivers' photos. */
export function createDriverPhotos({ db, fetch, addresses = URL }: Parts): DriverPhotos {
  const urls = signal<ReadonlyMap<string, string>>(new Map());
  /** Fetched since this start: a picture that was changed meanwhile shows at the next one. */
  const fresh = new Set<string>();
  const busy = new Set<string>();

  function show(personId: string, picture: Blob | null): void {
    const next = new Map(urls.peek());
    const old = next.get(personId);
    if (picture) next.set(personId, addresses.createObjectURL(picture));
    else next.delete(personId);
    urls.value = next;
    if (old) addresses.revokeObjectURL(old);
  }

  async function recall(personId: string): Promise<void> {
    const kept = await db.get("photos", PREFIX + personId);
    const bytes = kept && (await unsealBytes(db, kept).catch(() => null));
    if (kept && bytes && !urls.peek().has(personId)) show(personId, new Blob([bytes], { type: kept.type }));
  }

  async function download(personId: string, address: string): Promise<void> {
    const response = await fetch(address).catch(() => null);
    if (!response?.ok) return;
    const picture = await response.blob();
    fresh.add(personId);
    show(personId, picture);
    const sealed = await sealBytes(db, new Uint8Array(await picture.arrayBuffer()));
    // A full device shows the picture now, and not after a start without signal.
    await db.put("photos", { ...sealed, type: picture.type }, PREFIX + personId).catch(() => undefined);
  }

  async function take({ person_id: personId, photo_url: address }: Driver, canFetch: boolean): Promise<void> {
    if (!address || busy.has(personId)) return;
    busy.add(personId);
    try {
      if (!urls.peek().has(personId)) await recall(personId);
      if (canFetch && !fresh.has(personId)) await download(personId, address);
    } finally {
      busy.delete(personId);
    }
  }

  async function keepOnly(isStaying: (personId: string) => boolean): Promise<void> {
    for (const personId of [...urls.peek().keys()]) if (!isStaying(personId)) show(personId, null);
    for (const personId of [...fresh]) if (!isStaying(personId)) fresh.delete(personId);
    const kept = (await db.getAllKeys("photos")).filter((key) => key.startsWith(PREFIX) && !isStaying(key.slice(PREFIX.length)));
    for (const key of kept) await db.delete("photos", key);
  }

  return {
    urls,
    async follow(drivers, canFetch) {
      const coming = new Set(drivers.filter((driver) => driver.photo_url !== null).map((driver) => driver.person_id));
      if (canFetch) await keepOnly((personId) => coming.has(personId));
      await Promise.all(drivers.map((driver) => take(driver, canFetch)));
    },
    forget: () => keepOnly(() => false),
  };
}
