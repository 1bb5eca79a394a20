import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { fakeClock } from "../lib/fakes";
import { dropDatabases, testDatabase } from "../lib/test-database";
import { createClerkCodes, type SignedInClerk, WRONG_CODES_MAX } from "./clerk-codes";

const CARL: SignedInClerk = { id: "clk_carl", number: 4, first_name: "Carl", idle_s: 180 };
const NINA: SignedInClerk = { id: "clk_nina", number: 5, first_name: "Nina", idle_s: 180 };
const [CARLS, NINAS] = ["204816", "135790"];
const HOUR = 3_600_000;

async function tablet() {
  const [db, clock] = [await testDatabase("mallrun-desk"), fakeClock()];
  return { db, clock, codes: createClerkCodes({ db, clock }) };
}

/** The same tablet after a reload, or in a second tab. */
function again({ db, clock }: Awaited<ReturnType<typeof tablet>>) {
  return createClerkCodes({ db, clock });
}

const heard = (...ids: string[]) => ({ clerk_ids: ids, sign_in_locked: false });

afterEach(dropDatabases);

test("each clerk who signed in with signal is known without it, and nobody else", async () => {
  const { codes, clock } = await tablet();
  const until = clock.now() + 12 * HOUR;
  await codes.remember(CARL, CARLS);
  await codes.remember(NINA, NINAS);

  assert.deepEqual(await codes.check(CARLS), { status: "known", clerk: CARL, until });
  assert.deepEqual(await codes.check(NINAS), { status: "known", clerk: NINA, until });
  assert.deepEqual(await codes.check("000000"), { status: "wrong", triesLeft: 4 });
});

test("nothing that is kept holds the digits, and the key cannot be read out", async () => {
  const { db, codes } = await tablet();
  await codes.remember(CARL, CARLS);

  const { key, verifiers } = (await db.get("keys", "clerk_codes")) as { key: CryptoKey; verifiers: { mac: ArrayBuffer }[] };
  assert.equal(JSON.stringify(await db.getAll("keys")).includes(CARLS), false);
  assert.equal(Buffer.from(verifiers[0]!.mac).includes(CARLS), false);
  assert.equal(verifiers[0]!.mac.byteLength, 32);
  assert.equal(key.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("raw", key));
});

test("five wrong codes lock the tablet, over reloads, also for the right code", async () => {
  const first = await tablet();
  await first.codes.remember(CARL, CARLS);
  for (let n = 1; n < WRONG_CODES_MAX; n += 1) {
    assert.deepEqual(await again(first).check(`00000${n}`), { status: "wrong", triesLeft: WRONG_CODES_MAX - n });
  }

  assert.deepEqual(await again(first).check("000009"), { status: "locked" });
  assert.deepEqual(await again(first).check(CARLS), { status: "locked" });
  assert.equal(await again(first).isLocked(), true);
});

test("tries that run at the same time in several tabs are all counted", async () => {
  const first = await tablet();
  await first.codes.remember(CARL, CARLS);

  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => again(first).check(String(100_000 + n))));

  assert.deepEqual(answers.map(({ status }) => status).sort(), [...Array(16).fill("locked"), ...Array(4).fill("wrong")]);
  assert.deepEqual(await first.codes.check(CARLS), { status: "locked" });
});

test("a right code and a sign-in with signal give all tries back", async () => {
  const { codes } = await tablet();
  await codes.remember(CARL, CARLS);
  await codes.check("000001");
  await codes.check(CARLS);
  assert.deepEqual(await codes.check("000001"), { status: "wrong", triesLeft: 4 });
  for (let n = 0; n < 4; n += 1) await codes.check("000001");
  assert.equal(await codes.isLocked(), true);

  await codes.remember(NINA, NINAS);

  assert.equal(await codes.isLocked(), false);
  assert.equal((await codes.check(CARLS)).status, "known");
});

test("codes that the server has refused count here, too", async () => {
  const { codes } = await tablet();
  await codes.remember(CARL, CARLS);
  for (let n = 0; n < WRONG_CODES_MAX; n += 1) await codes.refused("000001");

  assert.deepEqual(await codes.check(CARLS), { status: "locked" });
});

test("a code that the server has refused opens no longer without signal", async () => {
  const { codes } = await tablet();
  await codes.remember(CARL, CARLS);
  await codes.remember(NINA, NINAS);

  await codes.refused(CARLS);

  assert.equal((await codes.check(CARLS)).status, "wrong");
  assert.equal((await codes.check(NINAS)).status, "known");
});

test("a desk that the server has locked stays locked without signal until a manager unlocks it", async () => {
  const { codes } = await tablet();
  await codes.remember(CARL, CARLS);

  await codes.hear({ clerk_ids: [CARL.id], sign_in_locked: true });
  assert.deepEqual(await codes.check(CARLS), { status: "locked" });
  await codes.hear(heard(CARL.id));

  assert.equal((await codes.check(CARLS)).status, "known");
});

test("an answer of a server that never locked the desk does not unlock the tablet", async () => {
  const { codes } = await tablet();
  await codes.remember(CARL, CARLS);
  for (let n = 0; n < WRONG_CODES_MAX; n += 1) await codes.check("000001");

  await codes.hear(heard(CARL.id));

  assert.equal(await codes.isLocked(), true);
});

test("a clerk whom the store no longer lists is forgotten", async () => {
  const { db, codes } = await tablet();
  await codes.remember(CARL, CARLS);
  await codes.remember(NINA, NINAS);

  await codes.hear(heard(NINA.id));

  assert.equal((await codes.check(CARLS)).status, "wrong");
  assert.equal((await codes.check(NINAS)).status, "known");
  assert.equal(((await db.get("keys", "clerk_codes")) as { verifiers: unknown[] }).verifiers.length, 1);
});

test("twelve hours after the last sign-in with signal a right code is not enough, after a day it is forgotten", async () => {
  const { clock, codes } = await tablet();
  await codes.remember(CARL, CARLS);
  await clock.move(12 * HOUR - 1);
  assert.equal((await codes.check(CARLS)).status, "known");

  await clock.move(1);
  assert.deepEqual(await codes.check(CARLS), { status: "old", clerk: CARL });
  assert.deepEqual(await codes.check("000001"), { status: "wrong", triesLeft: 4 });

  await clock.move(12 * HOUR);
  assert.deepEqual(await codes.check(CARLS), { status: "nobody" });
  assert.equal(await codes.endOf(CARL.id), null);
});

test("a clock that was set back makes no old sign-in young", async () => {
  const { clock, codes } = await tablet();
  await codes.remember(CARL, CARLS);

  clock.setOffset(-24 * HOUR);

  assert.equal((await codes.check(CARLS)).status, "old");
});

test("a code that another clerk had before opens for its new owner only", async () => {
  const { codes } = await tablet();
  await codes.remember(CARL, CARLS);
  await codes.remember(NINA, CARLS);

  const checked = await codes.check(CARLS);

  assert.equal(checked.status === "known" && checked.clerk.id, NINA.id);
  assert.equal(await codes.endOf(CARL.id), null);
});

test("a retired tablet knows nobody", async () => {
  const { db, codes } = await tablet();
  await codes.remember(CARL, CARLS);

  await codes.forget();

  assert.deepEqual(await codes.check(CARLS), { status: "nobody" });
  assert.equal(await db.get("keys", "clerk_codes"), undefined);
});
