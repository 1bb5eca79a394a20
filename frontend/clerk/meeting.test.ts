import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ROSTER_TYPE } from "../lib/roster";
import { writeJws } from "../lib/jws";
import { exportPublicKey, generateKeys, sign } from "../lib/signing";
import { encode, type Presence, signedBytes, type Ticket, ticketSetOf, type Token } from "../lib/tokens";
import type { ArrivingDriver } from "./api";
import { isFresh, meet, type Meeting, type MeetingFacts, type MeetingStep, NOBODY_MET } from "./meeting";
import { arrivingDriver, deskState, HANDLES, readyDelivery } from "./samples";

const NOW_S = Date.UTC(2026, 10, 22, 18) / 1_000;
const [PHONE, SERVER] = [77, 161];
const BOTH = [HANDLES.cleo, HANDLES.ann];
let keys: Record<"phone" | "server" | "stranger", CryptoKeyPair>;
let phoneKey: string;
let serverKey: string;
let entry: string;

before(async () => {
  keys = { phone: await generateKeys(), server: await generateKeys(), stranger: await generateKeys() };
  [phoneKey, serverKey] = [await exportPublicKey(keys.phone.publicKey), await exportPublicKey(keys.server.publicKey)];
  entry = await rosterEntry();
});

function rosterEntry(change: object = {}): Promise<string> {
  const payload = { kid: PHONE, role: "phone", public_key: phoneKey, store: 0, name: "Dina", iat: NOW_S, exp: NOW_S + 86_400, ...change };
  return writeJws(ROSTER_TYPE, SERVER, payload, keys.server.privateKey);
}

const dina = (change: Partial<ArrivingDriver["driver"]> = {}, run: Partial<ArrivingDriver> = {}) =>
  arrivingDriver({ ...run, driver: { ...arrivingDriver().driver, kid: PHONE, public_key: phoneKey, entry, ...change } });

function facts(change: Partial<MeetingFacts> & { arriving?: ArrivingDriver[] } = {}): MeetingFacts {
  const { arriving = [dina()], ...others } = change;
  const state = deskState({ arriving, server_keys: [{ kid: SERVER, public_key: serverKey }] });
  return { state, expected: null, given: new Set(), nowS: NOW_S, usedNonces: new Set(), ...others };
}

async function coded(token: Token, by: CryptoKeyPair): Promise<string> {
  return encode(token, await sign(by.privateKey, signedBytes(token)));
}

async function presence(change: Partial<Presence> = {}, by = keys.phone): Promise<string> {
  return coded({
    kind: "presence", kid: PHONE, iat: NOW_S, anchor: "00".repeat(8), nonce: "00112233445566ff", store: 81, ticketSet: await ticketSetOf(BOTH), ...change,
  }, by);
}

function ticket(handle: string, change: Partial<Ticket> = {}, by = keys.server): Promise<string> {
  return coded({
    kind: "ticket", kid: SERVER, iat: NOW_S - 60, anchor: "00".repeat(8), nonce: "ffee000000000000", handle, driverKid: PHONE, store: 81, epoch: 1,
    exp: NOW_S + 3_600, parcels: 2, ...change,
  }, by);
}

/** Scan texts one after the other, as the camera does; a refused one changes nothing. */
async function scan(texts: string[], given: MeetingFacts): Promise<MeetingStep> {
  let [meeting, step]: [Meeting, MeetingStep | null] = [NOBODY_MET, null];
  for (const text of texts) {
    step = await meet(text, meeting, given);
    if (step.status !== "refused") meeting = step.meeting;
  }
  return step!;
}

const codeOf = (step: MeetingStep): string | null => (step.status === "refused" ? step.problem.code : null);

test("a driver of the roster is met by one code, with what is to be given and the code as evidence", async () => {
  const text = await presence();

  const step = await scan([text], facts());

  assert.equal(step.status, "met");
  if (step.status !== "met") return;
  assert.equal(step.met.run?.driver.first_name, "Dina");
  assert.deepEqual(step.met.deliveries.map(({ handle, parcel_count }) => [handle, parcel_count]), [[HANDLES.cleo, 2], [HANDLES.ann, 1]]);
  assert.deepEqual(step.met.evidence, [{ kind: "presence", text }]);
  assert.equal(step.met.nonce, "00112233445566ff");
});

test("each wrong code of a driver is refused with the reason that helps", async () => {
  const wrong: Record<string, () => Promise<string>> = {
    driver_code_not_ours: async () => "https://example.com/menu?table=4",
    driver_code_damaged: async () => (await presence()).slice(0, -3),
    driver_code_old: () => presence({ iat: NOW_S - 61 }),
    code_from_future: () => presence({ iat: NOW_S + 31 }),
    driver_at_other_store: () => presence({ store: 82 }),
    driver_list_differs: async () => presence({ ticketSet: await ticketSetOf([HANDLES.cleo]) }),
    carrier_brings: async () => presence({ ticketSet: await ticketSetOf([]) }),
    wrong_code_kind: () => coded({ kind: "customer", kid: SERVER, iat: NOW_S, anchor: "00".repeat(8), nonce: "00".repeat(8), handle: HANDLES.cleo, exp: NOW_S, flags: 0 }, keys.server),
  };
  for (const [code, text] of Object.entries(wrong)) assert.equal(codeOf(await scan([await text()], facts())), code);

  assert.equal(codeOf(await scan([await presence({}, keys.stranger)], facts())), "driver_code_damaged");
  assert.equal(codeOf(await scan([`MP1:${"A".repeat(600)}`], facts())), "driver_code_not_ours");
  assert.equal(codeOf(await scan([await presence()], facts({ usedNonces: new Set(["00112233445566ff"]) }))), "driver_code_used");
});

test("a code at the edges of its minute is taken", async () => {
  for (const iat of [NOW_S - 60, NOW_S + 30]) assert.equal((await scan([await presence({ iat })], facts())).status, "met");
});

test("when one driver is expected another one is named", async () => {
  const expected = dina({ kid: 1, first_name: "Dan" }, { run_id: "run_2" });

  const step = await scan([await presence()], facts({ expected }));

  assert.equal(codeOf(step), "driver_is_another");
  assert.equal((await scan([await presence()], facts({ expected: dina() }))).status, "met");
});

test("a key counts only on the server's unexpired word for exactly this key", async () => {
  const doubtful: Partial<ArrivingDriver["driver"]>[] = [
    { entry: "" },
    { entry: await rosterEntry({ iat: NOW_S - 86_400, exp: NOW_S }) },
    { entry: await rosterEntry({ kid: 78 }) },
    { entry: await rosterEntry({ role: "desk" }) },
    { entry: await rosterEntry({ public_key: await exportPublicKey(keys.stranger.publicKey) }) },
    { entry: await writeJws(ROSTER_TYPE, SERVER, JSON.parse(atob(entry.split(".")[1]!)) as object, keys.stranger.privateKey) },
  ];
  for (const driver of doubtful) {
    const step = await scan([await presence()], facts({ arriving: [dina(driver)] }));

    assert.deepEqual([step.status, step.status === "more" && step.wanted], ["more", "tickets"]);
  }
});

test("a driver whom the tablet may no longer vouch for is told apart from a stranger", async () => {
  const old = { iat: NOW_S - 86_400, exp: NOW_S };
  const step = await scan([await presence()], facts({ arriving: [dina({ entry: await rosterEntry(old) })] }));
  const forged = await scan([await presence()], facts({ arriving: [dina({ entry: "" })] }));

  assert.equal(step.status === "more" && step.problem?.code, "driver_entry_expired");
  assert.match((step.status === "more" && step.problem?.detail) || "", /Dina/);
  assert.equal(forged.status === "more" && forged.problem, undefined);
});

test("what was given on this tablet is not given again, whichever list the phone goes by", async () => {
  const given = new Set<string>([HANDLES.cleo]);
  for (const handles of [BOTH, [HANDLES.ann]]) {
    const step = await scan([await presence({ ticketSet: await ticketSetOf(handles) })], facts({ given }));

    assert.deepEqual(step.status === "met" && step.met.deliveries.map(({ handle }) => handle), [HANDLES.ann]);
  }
  assert.equal(codeOf(await scan([await presence()], facts({ given: new Set(BOTH) }))), "driver_has_all");
});

test("a driver who is not known is met by all tickets and the code, in whatever order", async () => {
  const [code, cleo, ann] = [await presence(), await ticket(HANDLES.cleo), await ticket(HANDLES.ann, { parcels: 1 })];
  for (const texts of [[code, cleo, ann], [ann, code, cleo], [cleo, ann, code], [code, cleo, cleo, ann]]) {
    const step = await scan(texts, facts({ arriving: [] }));

    assert.equal(step.status, "met");
    if (step.status !== "met") return;
    assert.equal(step.met.run, null);
    assert.deepEqual(step.met.deliveries.map(({ handle, parcel_count, recipient_first_name }) => [handle, parcel_count, recipient_first_name]).sort(), [
      [HANDLES.cleo, 2, "Cleo"], [HANDLES.ann, 1, "Cleo"],
    ].sort());
    assert.deepEqual(new Set(step.met.evidence.map((each) => "text" in each && each.text)), new Set([code, cleo, ann]));
    assert.equal(step.met.evidence[0]?.kind, "presence");
  }
});

test("without all tickets, or without the code itself, nobody is met", async () => {
  const some = await scan([await presence(), await ticket(HANDLES.cleo)], facts({ arriving: [] }));
  const noCode = await scan([await ticket(HANDLES.cleo), await ticket(HANDLES.ann)], facts({ arriving: [] }));

  assert.equal(some.status === "more" && some.wanted, "tickets");
  assert.equal(noCode.status === "more" && noCode.wanted, "presence");
});

test("a code that grew old while tickets were read is asked for again", async () => {
  const [code, cleo, ann] = [await presence(), await ticket(HANDLES.cleo), await ticket(HANDLES.ann)];
  const start = await scan([code, cleo], facts({ arriving: [] }));
  assert.equal(start.status, "more");
  if (start.status !== "more") return;

  const late = await meet(ann, start.meeting, facts({ arriving: [], nowS: NOW_S + 61 }));
  assert.equal(late.status === "more" && late.wanted, "presence");
  if (late.status !== "more") return;
  const again = await meet(await presence({ iat: NOW_S + 61, nonce: "ab".repeat(8) }), late.meeting, facts({ arriving: [], nowS: NOW_S + 61 }));
  assert.equal(again.status, "met");
});

test("each wrong ticket is refused with the reason that helps", async () => {
  const code = await presence();
  const elsewhere = dina({ kid: 5, entry: "" }, { run_id: "run_2", epoch: 2 });
  const wrong: [string, string, MeetingFacts][] = [
    ["ticket_unknown", await ticket(HANDLES.cleo, {}, keys.stranger), facts({ arriving: [] })],
    ["ticket_unknown", await ticket(HANDLES.cleo, { kid: 9 }), facts({ arriving: [] })],
    ["ticket_expired", await ticket(HANDLES.cleo, { exp: NOW_S - 1 }), facts({ arriving: [] })],
    ["driver_at_other_store", await ticket(HANDLES.cleo, { store: 82 }), facts({ arriving: [] })],
    ["ticket_other_driver", await ticket(HANDLES.cleo, { driverKid: 78 }), facts({ arriving: [] })],
    ["ticket_superseded", await ticket(HANDLES.cleo), facts({ arriving: [elsewhere] })],
  ];
  for (const [expected, text, given] of wrong) assert.equal(codeOf(await scan([code, text], given)), expected);
  const cancelled = facts({ arriving: [] });
  cancelled.state = { ...cancelled.state, ready: [], gone: [readyDelivery(HANDLES.cleo, 2, { status: "cancelled" })] };
  assert.equal(codeOf(await scan([code, await ticket(HANDLES.cleo)], cancelled)), "delivery_cancelled");
});

test("tickets of a newer assignment than the list's are taken", async () => {
  const elsewhere = dina({ kid: 5, entry: "" }, { run_id: "run_2", epoch: 1 });
  const texts = [await presence(), await ticket(HANDLES.cleo, { epoch: 2 }), await ticket(HANDLES.ann, { epoch: 2 })];

  assert.equal((await scan(texts, facts({ arriving: [elsewhere] }))).status, "met");
});

test("tickets of another phone than the one in front of the camera are put aside", async () => {
  const step = await scan([await ticket(HANDLES.cleo, { driverKid: 78 }), await presence()], facts({ arriving: [] }));

  assert.equal(step.status === "more" && step.meeting.tickets.length, 0);
});

test("a delivery that this tablet has never heard of can go on the server's word", async () => {
  const texts = [await presence({ ticketSet: await ticketSetOf([HANDLES.bob]) }), await ticket(HANDLES.bob, { parcels: 3 })];

  const step = await scan(texts, facts({ arriving: [] }));

  const [offered] = step.status === "met" ? step.met.deliveries : [];
  assert.deepEqual(offered, { id: null, handle: HANDLES.bob, parcel_count: 3, packed: true, recipient_first_name: null });
});

test("what was scanned may be given for two minutes", () => {
  assert.equal(isFresh({ iat: NOW_S }, (NOW_S + 120) * 1_000), true);
  assert.equal(isFresh({ iat: NOW_S }, (NOW_S + 121) * 1_000), false);
});
