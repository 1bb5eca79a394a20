import assert from "node:assert/strict";
import { test } from "node:test";
import type { Problem } from "../lib/api";
import { fakeClock, fakeHttp, settled } from "../lib/fakes";
import type { ReportPositions } from "./api";
import { createPositionReporter } from "./positions";

function phone(isSecure = true) {
  let take: PositionCallback = () => undefined;
  let fail: PositionErrorCallback = () => undefined;
  let watches = 0;
  const geolocation = {
    watchPosition: (onFix: PositionCallback, onError: PositionErrorCallback) => {
      [take, fail] = [onFix, onError];
      return (watches += 1);
    },
    clearWatch: () => undefined,
  } as unknown as Geolocation;
  const permission = { state: "denied", onchange: null } as { state: string; onchange: (() => void) | null };
  const permissions = { query: async () => permission } as unknown as Permissions;
  const [clock, http] = [fakeClock(), fakeHttp(() => ({ status: "done", value: null }))];
  const problems: (Problem | null)[] = [];
  const reporter = createPositionReporter({ http, clock, geolocation, permissions, isSecure, onFix: () => undefined, onProblem: (problem) => problems.push(problem) });
  const move = (latitude: number): void => {
    const coords = { latitude, longitude: 1, accuracy: 9, heading: Number.NaN, speed: null };
    take({ coords, timestamp: clock.device() } as unknown as GeolocationPosition);
  };
  const refuse = (code: number): void => fail({ code } as GeolocationPositionError);
  const latitudes = (): number[] => http.calls.map(({ body }) => (body as ReportPositions).fixes[0]!.lat);
  const allow = (state: string): void => {
    permission.state = state;
    permission.onchange?.();
  };
  return { reporter, clock, http, move, refuse, allow, latitudes, problems, watches: () => watches };
}

test("at most one fix leaves in three seconds, and it is the newest", async () => {
  const { reporter, clock, move, latitudes } = phone();
  reporter.start();

  move(1);
  move(2);
  move(3);
  await settled();
  assert.deepEqual(latitudes(), [1]);
  await clock.move(3_000);
  assert.deepEqual(latitudes(), [1, 3]);
});

test("a phone that lies still has no heading", async () => {
  const { reporter, http, move } = phone();
  reporter.start();
  move(1);

  assert.equal((http.calls[0]!.body as ReportPositions).fixes[0]!.heading_deg, null);
});

test("nothing leaves after the end of the run", async () => {
  const { reporter, clock, move, latitudes } = phone();
  reporter.start();
  move(1);
  move(2);
  reporter.stop();
  await clock.move(10_000);

  assert.deepEqual(latitudes(), [1]);
});

test("a refusal is explained, a basement is not", () => {
  const { reporter, refuse, problems } = phone();
  reporter.start();

  refuse(2);
  refuse(1);
  assert.deepEqual(problems.map((problem) => problem?.code), ["position_refused"]);
});

test("a position that is allowed later is watched anew, and only while somebody drives", async () => {
  const { reporter, refuse, allow, move, problems, watches } = phone();
  reporter.start();
  refuse(1);
  await settled();

  allow("prompt");
  assert.equal(watches(), 1);
  allow("granted");
  assert.equal(watches(), 2);
  move(1);
  assert.equal(problems.at(-1), null);

  reporter.stop();
  allow("granted");
  assert.equal(watches(), 2);
});

test("a page without https says that it is the page", () => {
  const { reporter, refuse, problems } = phone(false);
  reporter.start();
  refuse(1);

  assert.equal(problems[0]?.code, "insecure_page");
});
