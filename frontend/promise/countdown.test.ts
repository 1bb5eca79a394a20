import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "./answer.ts";
import { promiseUrl } from "./answer.ts";
import { languageOf, minutesLeft, wordsOf } from "./countdown.ts";

const MINUTE_MS = 60_000;
const answer: Answer = {
  store: "str_a",
  postal_code: "85224",
  today: true,
  code: "today",
  has_checkout: false,
  order_by: "2026-11-24T22:00:00.000Z",
  seconds_left: 72 * 60,
  window: null,
  price: null,
  title: "Get it today",
  text: "Order within 1 h 12 min, get it today 4:00–6:00 pm",
  next_step: "",
  countdown: {
    text: "Order within {time}, get it today 4:00–6:00 pm",
    hours: "{hours} h {minutes} min",
    minutes: "{minutes} min",
  },
};

test("words begin as the server says them and count down by whole minutes", () => {
  assert.equal(wordsOf(answer, 0), answer.text);
  assert.equal(wordsOf(answer, 1), "Order within 1 h 11 min, get it today 4:00–6:00 pm");
  assert.equal(wordsOf(answer, 13 * MINUTE_MS), "Order within 59 min, get it today 4:00–6:00 pm");
});

test("nothing is said in the last minute and after it", () => {
  assert.equal(wordsOf(answer, 71 * MINUTE_MS), "Order within 1 min, get it today 4:00–6:00 pm");
  assert.equal(wordsOf(answer, 71 * MINUTE_MS + 1), "");
  assert.equal(minutesLeft(answer, 500 * MINUTE_MS), 0);
});

test("nothing is said when it does not come today", () => {
  assert.equal(wordsOf({ ...answer, today: false, countdown: null, seconds_left: null }, 0), "");
});

test("languages we do not speak get English", () => {
  assert.deepEqual(["es-MX", "ES", "de", "est", "", null].map(languageOf), ["es", "es", "en", "en", "en", "en"]);
});

test("address carries what was asked, escaped", () => {
  assert.equal(
    promiseUrl("https://mall.example", "str_a", "SW1A 1AA", "en"),
    "https://mall.example/promise?store=str_a&postal_code=SW1A+1AA&lang=en",
  );
});
