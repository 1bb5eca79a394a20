import assert from "node:assert/strict";
import { test } from "node:test";
import { hrefOf, parseRoute } from "./route";

for (const address of ["#/", "#/stop/stp_1", "#/stop/stp_1/scan", "#/release", "#/earnings", "#/earnings/run_1", "#/account", "#/unsent"]) {
  test(`${address} leads to itself`, () => assert.equal(hrefOf(parseRoute(address)), address));
}

for (const address of ["", "#", "#/nonsense", "#/stop", "#/home/x"]) {
  test(`"${address}" leads home`, () => assert.deepEqual(parseRoute(address), { name: "home" }));
}

test("an unknown page of a stop shows the stop", () => {
  assert.deepEqual(parseRoute("#/stop/stp_1/constructor"), { name: "stop", stopId: "stp_1", page: "here" });
});
