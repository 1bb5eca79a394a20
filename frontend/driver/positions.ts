/** Telling the server where the phone is: newest fix only, at most one post in 3 s, never kept for later. */
import type { Problem } from "../lib/api";
import { type Clock, isoInstant } from "../lib/clock";
import type { Http } from "../lib/http";
import { problemFor } from "../lib/problems";
import type { ReportPositions } from "./api";

export type Fix = ReportPositions["fixes"][number];

export interface PositionReporter {
  /** Watch the position; the browser asks the person on first use. Harmless when it is being watched. */
  start(): void;
  stop(): void;
}

interface ReporterParts {
  http: Pick<Http, "post">;
  clock: Clock;
  geolocation: Geolocation | undefined;
  /** Tells when a person who had refused the position allows it in the browser's settings. */
  permissions?: Pick<Permissions, "query"> | undefined;
  isSecure: boolean;
  onFix: (fix: Fix) => void;
  /** A problem, or null when fixes come again. */
  onProblem: (problem: Problem | null) => void;
}

const EVERY_MS = 3_000;
const OPTIONS: PositionOptions = { enableHighAccuracy: true, maximumAge: 2_000, timeout: 30_000 };
const PERMISSION_DENIED = 1;

/** Create the reporter; it does nothing before `start`. */
export function createPositionReporter({ http, clock, geolocation, permissions, isSecure, onFix, onProblem }: ReporterParts): PositionReporter {
  let watchId: number | null = null;
  let newest: Fix | null = null;
  let isResting = false;

  function post(): void {
    if (!newest || isResting || watchId === null) return;
    isResting = true;
    const fixes = [newest];
    newest = null;
    // What gets lost is replaced by the next fix.
    void http.post("/positions", { fixes } satisfies ReportPositions, { timeoutMs: EVERY_MS }).finally(() =>
      clock.after(EVERY_MS, () => {
        isResting = false;
        post();
      }),
    );
  }

  function take({ coords, timestamp }: GeolocationPosition): void {
    newest = {
      lat: coords.latitude,
      lon: coords.longitude,
      accuracy_m: coords.accuracy,
      heading_deg: known(coords.heading),
      speed_mps: known(coords.speed),
      at: isoInstant(timestamp + clock.offset()),
    };
    onFix(newest);
    onProblem(null);
    post();
  }

  function fail(error: GeolocationPositionError): void {
    // No fix in a basement is no problem to read about; being refused is.
    if (error.code !== PERMISSION_DENIED) return;
    onProblem(problemFor(isSecure ? "position_refused" : "insecure_page"));
    void permissions?.query({ name: "geolocation" }).then(beginWhenAllowed, () => undefined);
  }

  /** A watch that was refused does not begin by itself once it is allowed. */
  function beginWhenAllowed(permission: PermissionStatus): void {
    permission.onchange = () => {
      if (permission.state !== "granted" || watchId === null) return;
      stop();
      start();
    };
  }

  function start(): void {
    if (watchId !== null) return;
    if (!geolocation) return onProblem(problemFor("position_refused"));
    watchId = geolocation.watchPosition(take, fail, OPTIONS);
  }

  function stop(): void {
    if (watchId !== null) geolocation?.clearWatch(watchId);
    watchId = null;
    newest = null;
  }

  return { start, stop };
}

/** Some browsers say NaN or -1 for the heading of a phone that lies still. */
function known(value: number | null): number | null {
  return value !== null && value >= 0 ? value : null;
}
