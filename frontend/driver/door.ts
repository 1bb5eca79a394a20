/**
 * What a driver reads at the door without signal: unit and instructions travel sealed with the claim, because the state
 * only tells them once the server has the collection. The key is in the delivery's ticket.
 */
import { fromBase64 } from "../lib/bytes";
import type { DropoffDelivery, Run } from "./api";
import { type Pending, markOf } from "./steps";

export interface DoorDetails {
  unit: string;
  instructions: string;
}

const NONCE_BYTES = 12;

/** True once this phone has kept the collection of a delivery that the server does not know yet. */
export function isCollectedHere(run: Run, handle: string, pending: Pending): boolean {
  return run.stops.some((stop) => {
    if (stop.kind !== "pickup" || !stop.deliveries.some((one) => one.handle === handle)) return false;
    const { handles } = markOf(stop.id, pending);
    return handles === "all" || handles.has(handle);
  });
}

/** Open what is sealed for a door. Null when there is nothing, no ticket, or it was sealed under another one. */
export async function openDoor(delivery: DropoffDelivery, run: Run): Promise<DoorDetails | null> {
  const ticket = run.tickets?.find(({ handle }) => handle === delivery.handle);
  if (!delivery.sealed || !ticket || !globalThis.crypto?.subtle) return null;
  try {
    const sealed = fromBase64(delivery.sealed);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ticket.text));
    const key = await crypto.subtle.importKey("raw", digest, "AES-GCM", false, ["decrypt"]);
    const algorithm = { name: "AES-GCM", iv: sealed.slice(0, NONCE_BYTES) };
    const plain = await crypto.subtle.decrypt(algorithm, key, sealed.slice(NONCE_BYTES));
    return JSON.parse(new TextDecoder().decode(plain)) as DoorDetails;
  } catch {
    return null;
  }
}
