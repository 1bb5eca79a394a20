/** Where the driver is, in words, and which of several fixes counts. No DOM. */
import type { Point, PositionMessage } from "../lib/api";
import { distance, minutes } from "../lib/format";
import { t } from "../lib/i18n";
import type { TrackingState } from "./api";

export type Fix = NonNullable<TrackingState["position"]>;

/** What of the state decides about positions. */
export type Sight = Pick<TrackingState, "position" | "position_allowed" | "is_final" | "server_time">;

/** A position older than this says how old it is. */
const SAID_FROM_MS = 60_000;
/** The server shows no older fix, so neither does a message that it has not repeated. */
const OLDEST_MS = 120_000;
const EARTH_RADIUS_M = 6_371_000;

/** The fix to show: the newest of the state's and the socket's, or null when the driver may not or cannot be seen. */
export function visibleFix(state: Sight, message: PositionMessage | null): Fix | null {
  if (!state.position_allowed || state.is_final) return null;
  if (!message) return state.position;
  if (state.position) return Date.parse(message.at) > Date.parse(state.position.at) ? message : state.position;
  return Date.parse(state.server_time) - Date.parse(message.at) > OLDEST_MS ? null : message;
}

/** "Position is 2 min old" from 60 s on, else null; `now` is the corrected clock. */
export function ageText(at: string, now: number): string | null {
  const ageMs = now - Date.parse(at);
  return ageMs > SAID_FROM_MS ? t("Position is {span} old.", { span: minutes(ageMs / 1_000) }) : null;
}

/** The line below the map: how far away the driver is, or why nobody is seen. Empty when there is nothing to say. */
export function positionText(state: TrackingState, fix: Fix | null, now: number): string {
  const name = driverLabel(state);
  if (state.is_final) return "";
  if (fix) {
    const where = t("{name} is {distance} away in a straight line.", { name, distance: distance(metresBetween(fix, state.dropoff)) });
    const age = ageText(fix.at, now);
    return age ? `${where} ${age}` : where;
  }
  if (state.position_allowed) return t("The position of {name} is not known right now.", { name });
  return t("The map shows {name} when you are the next stop.", { name });
}

/** The word on the driver's pin. */
export function driverLabel(state: Pick<TrackingState, "driver">): string {
  return state.driver?.first_name ?? t("the driver");
}

/** True while there is something between store and door to draw. */
export function isMapWorthDrawing(state: Pick<TrackingState, "status">): boolean {
  return state.status === "picked_up" || state.status === "enroute_to_dropoff";
}

/** Great-circle metres. */
export function metresBetween(one: Point, other: Point): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const [north, east] = [radians(other.lat - one.lat), radians(other.lon - one.lon)];
  const share = Math.sin(north / 2) ** 2 + Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(share)));
}
