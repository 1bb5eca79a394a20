/** Where the phone is at one moment: told with going on duty and with asking for a run, and at no other time without one. */
import type { Here } from "./api-offers";

const OPTIONS: PositionOptions = { maximumAge: 300_000, timeout: 8_000 };
/** Nobody waits long for a place that only ranks. */
const QUICK: PositionOptions = { maximumAge: 300_000, timeout: 1_500 };

/** Ask the browser once; null when it does not say. The person may be asked for leave. */
export function askHere(options: PositionOptions = OPTIONS): Promise<Here> {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude, accuracy_m: coords.accuracy }),
      () => resolve(null),
      options,
    );
  });
}

/** Whether the person has allowed it before. */
export async function mayAskHere(): Promise<boolean> {
  const answer = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
  return answer?.state === "granted";
}

/** The place that goes with a wish: only where it was allowed before, and never waited for. */
export async function hereForAsking(): Promise<Here> {
  return (await mayAskHere()) ? askHere(QUICK) : null;
}
