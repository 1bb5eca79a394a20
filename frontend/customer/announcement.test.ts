import assert from "node:assert/strict";
import { test } from "node:test";
import { announcement, groupedPin, keptTogether } from "./announcement";

const said = (headline: string, sentence: string) => ({ headline, sentence });

test("the first state is not announced: the page has just been read", () => {
  assert.equal(announcement(null, said("Arriving 4:10–4:25 pm", "Dina is on the way.")), null);
});

test("only what changed is announced", () => {
  const before = said("Arriving 4:10–4:25 pm", "Dina is on the way.");

  assert.equal(announcement(before, said("Arriving 4:15–4:30 pm", "Dina is on the way.")), "Arriving 4:15–4:30 pm.");
  assert.equal(announcement(before, said("Arriving 4:10–4:25 pm", "You are the next stop.")), "You are the next stop.");
  assert.equal(announcement(before, { ...before }), null);
});

test("a new answer is announced with its sentence", () => {
  const before = said("Arriving 4:10–4:25 pm", "Dina is on the way.");

  assert.equal(announcement(before, said("Delivered at 4:12 pm", "Dina brought your parcel.")), "Delivered at 4:12 pm. Dina brought your parcel.");
});

test("a PIN is read in two groups", () => {
  assert.equal(groupedPin("012345"), "012 345");
  assert.equal(groupedPin("1234"), "1234");
});

test("times are kept in one line, and short spans", () => {
  const shown = ["Arriving 4:10–4:25 pm", "Tomorrow 10:00 am–12:00 pm", "Llega 4:10–4:25 p.m.", "Mañana 10:00 a.m.–12:00 p.m.", "Heute 14:00–16:00"];

  assert.deepEqual(shown.map(keptTogether), [
    "Arriving 4:10\u2060–\u20604:25\u00a0pm", "Tomorrow 10:00\u00a0am\u2060–12:00\u00a0pm", "Llega 4:10\u2060–\u20604:25\u00a0p.m.",
    "Mañana 10:00\u00a0a.m.\u2060–12:00\u00a0p.m.", "Heute 14:00\u2060–\u206016:00",
  ]);
});
