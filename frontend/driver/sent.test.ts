import assert from "node:assert/strict";
import { test } from "node:test";
import type { SentStatement } from "../lib/database";
import { gradeOf, gradeOfStop } from "./sent";

const sent = (more: Partial<SentStatement>): SentStatement => ({
  event_id: "evt", user_id: "per_dina", path: "/stops/stp_1/deliver", occurred_at: "", outcome: "applied", level: "E2", flags: [], code: null, ...more,
});

test("only what another side proves is verified", () => {
  const grades = [{}, { level: "E3" }, { outcome: "duplicate" }, { level: "E1" }, { level: null }, { outcome: "recorded" }, { outcome: "held" }] as const;
  assert.deepEqual(grades.map((more) => gradeOf(sent(more))), ["verified", "verified", "verified", "server", "server", "server", "server"]);
});

test("a stop is verified by all its deliveries, or by what was sent here", () => {
  assert.equal(gradeOfStop("stp_1", ["E2", "E3"], []), "verified");
  assert.equal(gradeOfStop("stp_1", ["E2", "E1"], []), "server");
  assert.equal(gradeOfStop("stp_1", [], [sent({})]), "verified");
  assert.equal(gradeOfStop("stp_1", [], [sent({ path: "/stops/stp_12/deliver" })]), "server");
  assert.equal(gradeOfStop("stp_1", [null], []), "server");
});
