/** Below which refusals the dispatcher's number stands: those whose next step is to call, and no others. */
/// <reference path="../generated.d.ts" />
import assert from "node:assert/strict";
import { test } from "node:test";
import codes from "../generated/calls-dispatcher.json";

for (const code of ["block_return_late", "delivery_not_cancellable", "delivery_on_hold", "parcel_with_driver", "phone_replaced", "run_not_releasable"]) {
  test(`${code} says to call the dispatcher`, () => assert.ok(codes.includes(code)));
}

for (const code of ["driver_not_approved", "needs_connection", "pin_locked", "store_closed"]) {
  test(`${code} says something else`, () => assert.ok(!codes.includes(code)));
}
