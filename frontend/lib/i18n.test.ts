import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { currentLocale, loadMessages, type Messages, t, tn } from "./i18n";

const spanish: Messages = { "Hello {name}": "Hola {name}", "{n} parcel": ["{n} paquete", "{n} paquetes"], Empty: "" };

afterEach(() => loadMessages("en"));

test("english needs no catalogue and fills in the facts", () => {
  assert.equal(t("Hello {name}", { name: "Dina" }), "Hello Dina");
  assert.equal(tn("{n} parcel", "{n} parcels", 1), "1 parcel");
  assert.equal(tn("{n} parcel", "{n} parcels", 0), "0 parcels");
});

test("another language is used where it is translated", async () => {
  await loadMessages("es-US", async () => spanish);

  assert.equal(t("Hello {name}", { name: "Dina" }), "Hola Dina");
  assert.deepEqual([1, 2].map((n) => tn("{n} parcel", "{n} parcels", n)), ["1 paquete", "2 paquetes"]);
  assert.equal(t("Not translated"), "Not translated");
  assert.equal(t("Empty"), "Empty");
});

test("a catalogue that cannot be loaded leaves english", async () => {
  await loadMessages("es", () => Promise.reject(new Error("offline")));

  assert.equal(t("Hello {name}", { name: "Dina" }), "Hello Dina");
  assert.equal(currentLocale(), "en");
});

test("a fact is put in as it is and not read again", () => {
  assert.equal(t("Hello {name}", { name: "{other}", other: "x" }), "Hello {other}");
  assert.equal(t("Hello {name}"), "Hello {name}");
});

test("a language with many forms picks by its own rules", async () => {
  await loadMessages("pl", async () => ({ "{n} parcel": ["{n} paczka", "{n} paczki", "{n} paczek"] }));

  const texts = [1, 3, 5].map((n) => tn("{n} parcel", "{n} parcels", n));

  assert.deepEqual(texts, ["1 paczka", "3 paczki", "5 paczek"]);
});
