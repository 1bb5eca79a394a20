/**
 * Whether the screen stays on while a driver waits for a run, which can only sound while it is on.
 *
 * Until the driver has said, it does while the phone charges, and else not: a screen that is on for a whole morning empties
 * a phone that has to last for the run.
 */

const KEY = "mallrun-driver-awake";

/** What browsers know and TypeScript's types of the DOM do not. */
type Battery = EventTarget & { charging: boolean };
type BatteryNavigator = { getBattery?: () => Promise<Battery> };

/** What the driver has said on this phone; null: nothing. */
export function keptChoice(storage: Storage | undefined = globalThis.localStorage): boolean | null {
  try {
    const kept = storage?.getItem(KEY) ?? null;
    return kept === null ? null : kept === "on";
  } catch {
    return null;
  }
}

/** Remember what the driver says. */
export function keepChoice(isOn: boolean, storage: Storage | undefined = globalThis.localStorage): void {
  try {
    storage?.setItem(KEY, isOn ? "on" : "off");
  } catch {
    // Storage is switched off: it is so until the app is closed.
  }
}

/** Tell whether the phone charges, now and at each change; never where the browser does not say. The answer ends it. */
export function watchCharging(tell: (isCharging: boolean) => void, browser: BatteryNavigator = navigator as BatteryNavigator): () => void {
  let stop = (): void => undefined;
  let isEnded = false;
  const watch = (battery: Battery): void => {
    if (isEnded) return;
    const say = (): void => tell(battery.charging);
    battery.addEventListener("chargingchange", say);
    stop = () => battery.removeEventListener("chargingchange", say);
    say();
  };
  browser.getBattery?.().then(watch, () => undefined);
  return () => {
    isEnded = true;
    stop();
  };
}
