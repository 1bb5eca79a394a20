import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { noAnswer, settled } from "../lib/fakes";
import { checkSignature } from "../lib/signing";
import { dropDatabases, testDatabase } from "../lib/test-database";
import type { EnrolPhone } from "./api";
import { type PhoneKey, createPhoneEnrolment } from "./phone-key";
import { stateOf } from "./samples";


async function phone(isOnline = true) {
  const db = await testDatabase("mallrun-driver");
  const sent: EnrolPhone[] = [];
  const seen: PhoneKey[] = [];
  const outbox = {
    sendNow: async (_path: string, draft: unknown) => {
      sent.push(draft as EnrolPhone);
      return isOnline ? { status: "done", value: { result: { kid: 7 }, state: stateOf() } } : noAnswer();
    },
  };
  return { enrolment: createPhoneEnrolment({ db, outbox: outbox as never, onChange: (key) => seen.push(key) }), sent, seen };
}

const knownAs = (kid: number | null) => stateOf({ device: { kid, challenge: "prove it" } });

afterEach(async () => {
  await settled();
  await dropDatabases();
});

test("a first phone enrols by itself and proves its key", async () => {
  const { enrolment, sent, seen } = await phone();

  await enrolment.check(knownAs(null));

  const { public_key, challenge, signature } = sent[0]!;
  const bytes = Uint8Array.from(Buffer.from(signature, "base64url"));
  assert.ok(await checkSignature(public_key, bytes, Uint8Array.from(Buffer.from(challenge))));
  assert.deepEqual(seen.at(-1), { status: "ready", kid: 7 });
});

test("the same phone is known again at the next start", async () => {
  await (await phone()).enrolment.check(knownAs(null));
  const { enrolment, sent, seen } = await phone();

  await enrolment.check(knownAs(7));

  assert.equal(sent.length, 0);
  assert.deepEqual(seen, [{ status: "ready", kid: 7 }]);
});

test("a start without signal takes up the key of before", async () => {
  await (await phone()).enrolment.check(knownAs(null));
  const { enrolment, sent, seen } = await phone(false);

  await enrolment.recall(knownAs(7));
  await enrolment.recall(knownAs(8));

  assert.deepEqual(seen, [{ status: "ready", kid: 7 }]);
  assert.equal(sent.length, 0);
});

test("another active phone is only replaced when the driver says so", async () => {
  const { enrolment, sent, seen } = await phone();

  await enrolment.check(knownAs(99));
  assert.equal(sent.length, 0);
  assert.equal(seen.at(-1)?.status, "other_phone");
  assert.equal(await enrolment.takeOver(knownAs(99)), true);
  assert.equal(seen.at(-1)?.status, "ready");
});

test("a phone that was the active one learns that another has taken over", async () => {
  const { enrolment, sent, seen } = await phone();
  await enrolment.check(knownAs(null));

  await enrolment.check(knownAs(99));

  assert.deepEqual(seen.at(-1), { status: "replaced", kid: null });
  assert.equal(sent.length, 1);
});

test("another person on this phone gets a key of their own", async () => {
  const { enrolment, sent } = await phone();
  await enrolment.check(knownAs(null));
  await enrolment.check(stateOf({ me: { ...stateOf().me, id: "per_dora" } }));

  assert.notEqual(sent[0]!.public_key, sent[1]!.public_key);
});

test("without signal it is tried again with the next state", async () => {
  const { enrolment, seen } = await phone(false);

  await enrolment.check(knownAs(null));

  assert.deepEqual(seen, []);
});
