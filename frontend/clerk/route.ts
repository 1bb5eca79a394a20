/** Which screen is open: the part of the address after `#`, so that "back" works and no name gets into a log. */
import { signal } from "@preact/signals";

export type Route =
  | { screen: "board" }
  | { screen: "new" }
  /** Scanning in what carriers bring. */
  | { screen: "intake" }
  | { screen: "placed"; id: string }
  | { screen: "delivery"; id: string }
  /** Another address for an order that was typed at this store. */
  | { screen: "address"; id: string }
  | { screen: "handover"; id: string }
  | { screen: "returns"; id: string }
  /** Scanning a driver's phone: of a run, or of whoever is there. */
  | { screen: "meet"; id: string | null }
  | { screen: "unsent" };

const WITH_ID = new Set(["placed", "delivery", "address", "handover", "returns"]);
const ALONE = new Set(["new", "intake", "unsent"]);

/** Read `#/handover/run_…`; anything unknown is the board. */
export function routeOf(hash: string): Route {
  const [screen = "", id = ""] = hash.replace(/^#\/?/, "").split("/");
  if (screen === "meet") return { screen, id: /^\w+$/.test(id) ? id : null };
  if (ALONE.has(screen)) return { screen } as Route;
  return WITH_ID.has(screen) && /^\w+$/.test(id) ? ({ screen, id } as Route) : { screen: "board" };
}

/** The open screen. */
export const route = signal<Route>({ screen: "board" });
/** The enrolment code that the tablet was opened with, until it is used or put aside. */
export const openedWithCode = signal<string | null>(null);

/** The address of a screen, for links. */
export function addressOf(target: Route): string {
  if (target.screen === "board") return "#/";
  return "id" in target && target.id !== null ? `#/${target.screen}/${target.id}` : `#/${target.screen}`;
}

/** Open a screen. */
export function go(target: Route): void {
  location.hash = addressOf(target);
}

/** Follow the address from now on. A code is taken out of it at once: it must not stay in the tablet's history. */
export function followAddress(readCode: (text: string) => string): void {
  const follow = (): void => {
    if (location.hash.startsWith("#code=")) {
      openedWithCode.value = readCode(location.hash);
      history.replaceState(null, "", addressOf({ screen: "board" }));
    }
    route.value = routeOf(location.hash);
  };
  addEventListener("hashchange", follow);
  follow();
}
