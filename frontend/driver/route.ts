/** Screens by address: `#/stop/stp_…/scan`. The browser's back button then works as people expect. */

export type StopPage = "here" | "scan" | "code" | "assert" | "navigate" | "pin" | "photo" | "cannot" | "show";

export type Route =
  | { name: "home" }
  | { name: "stop"; stopId: string; page: StopPage }
  | { name: "release" }
  | { name: "earnings"; runId?: string }
  | { name: "account" }
  | { name: "blocks" }
  | { name: "unsent" };

const STOP_PAGES: ReadonlySet<string> = new Set(["scan", "code", "assert", "navigate", "pin", "photo", "cannot", "show"]);
const PLAIN: ReadonlySet<string> = new Set(["release", "earnings", "account", "blocks", "unsent"]);

/** Read a `location.hash`; anything unknown is the home screen. */
export function parseRoute(hash: string): Route {
  const [first = "", stopId, page = "here"] = hash.replace(/^#?\/?/, "").split("/");
  if (first === "stop" && stopId) return { name: "stop", stopId, page: STOP_PAGES.has(page) ? (page as StopPage) : "here" };
  if (first === "earnings" && stopId) return { name: "earnings", runId: stopId };
  return PLAIN.has(first) ? ({ name: first } as Route) : { name: "home" };
}

/** The address of a screen, for links. */
export function hrefOf(route: Route): string {
  if (route.name === "home") return "#/";
  if (route.name === "earnings" && route.runId) return `#/earnings/${route.runId}`;
  if (route.name !== "stop") return `#/${route.name}`;
  return `#/stop/${route.stopId}${route.page === "here" ? "" : `/${route.page}`}`;
}
