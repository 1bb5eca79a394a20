/** Moving between screens by address, with the browser's history. */
import { type Route, hrefOf, parseRoute } from "./route";
import { brought, route } from "./state";

/** Each history entry of the app knows how many of the app lie before it: "back" then never leaves the app by surprise. */
interface EntryState {
  depth: number;
}

const HOME = hrefOf({ name: "home" });
let depth = 0;
let isGoingHome = false;

const TAKE = "#take=";

/** Take a code that the hub's desk on this same phone hands over out of the address: it must not stay in the history. */
function takeBrought(): void {
  if (!location.hash.startsWith(TAKE)) return;
  brought.value = decodeURIComponent(location.hash.slice(TAKE.length));
  history.replaceState(history.state, "", HOME);
}

function read(): void {
  takeBrought();
  const known = (history.state as EntryState | null)?.depth;
  depth = known ?? depth + 1;
  if (isGoingHome) replaceWith(HOME);
  else history.replaceState({ depth } satisfies EntryState, "");
  isGoingHome = false;
  route.value = parseRoute(location.hash);
}

function replaceWith(address: string): void {
  history.replaceState({ depth } satisfies EntryState, "", address);
  route.value = parseRoute(location.hash);
}

/** Follow the address bar; call once. */
export function followAddress(): void {
  takeBrought();
  history.replaceState({ depth } satisfies EntryState, "");
  window.addEventListener("hashchange", read);
  route.value = parseRoute(location.hash);
}

/** Open a screen. */
export function go(target: Route): void {
  location.hash = hrefOf(target);
}

/** Leave a screen the way it was come to, or for `parent` when the app was opened here. */
export function back(parent: Route): void {
  if (depth > 0) history.back();
  else replaceWith(hrefOf(parent));
}

/** A step is done: home, without leaving its screens in the history. */
export function goHome(): void {
  if (depth === 0) return replaceWith(HOME);
  isGoingHome = true;
  history.go(-depth);
}
