import assert from "node:assert/strict";
import { test } from "node:test";
import { metresBetween, navigationLinks, usedFirst } from "./links";

test("a place opens in four navigation apps", () => {
  const links = navigationLinks({ lat: 33.3, lon: -111.9 }, "12 Main St (rear) & Co");

  assert.deepEqual(links.map(({ id }) => id), ["geo", "google", "apple", "waze"]);
  assert.equal(links[0]!.href, "geo:33.300000,-111.900000?q=33.300000,-111.900000(12%20Main%20St%20%20rear%20%20%26%20Co)");
  assert.ok(links.slice(1).every(({ href }) => href.startsWith("https://") && href.includes("33.300000%2C-111.900000")));
});

test("the distance between two malls is right to a kilometre", () => {
  const metres = metresBetween({ lat: 33.302, lon: -111.898 }, { lat: 36.127, lon: -115.171 });

  assert.ok(Math.abs(metres - 433_000) < 2_000, String(metres));
});

test("the map app that was used last comes first, and the others keep their order", () => {
  const links = navigationLinks({ lat: 1, lon: 2 }, "Home");

  assert.deepEqual(usedFirst(links, "waze").map(({ id }) => id), ["waze", "geo", "google", "apple"]);
  assert.deepEqual(usedFirst(links, null), links);
  assert.deepEqual(usedFirst(links, "gone"), links);
});
