/**
 * This phone's own key: made once, never leaves the phone, and known to the server under a number (`kid`).
 *
 * One phone per driver counts. When another one is active, the driver decides; see `takeOver`.
 */
import type { Database } from "../lib/database";
import type { Outbox } from "../lib/outbox-contract";
import { exportPublicKey, generateKeys, signText } from "../lib/signing";
import type { DriverState, EnrolPhone } from "./api";
import { KEY_NAME, type KeptKey } from "./phone-signing";

/**
 * insecure: the page has no cryptography (no https) · other_phone: another phone is the driver's active one · replaced: it
 * took over from this one.
 */
export type PhoneStatus = "unknown" | "ready" | "other_phone" | "replaced" | "insecure";

export interface PhoneKey {
  status: PhoneStatus;
  kid: number | null;
}

export interface PhoneEnrolment {
  /** Take up the key that was enrolled in an earlier start, without asking anybody: for a start without signal. */
  recall(state: DriverState): Promise<void>;
  /** Compare with what the server knows, and enrol when no other phone is active. Call with each fresh state. */
  check(state: DriverState): Promise<void>;
  /** The driver wants this phone to be the active one. Answers false when the server could not be asked. */
  takeOver(state: DriverState): Promise<boolean>;
}

interface EnrolmentParts {
  db: Database;
  outbox: Pick<Outbox<DriverState>, "sendNow">;
  onChange: (phone: PhoneKey) => void;
  hasCrypto?: boolean;
}

/** Create the enrolment of this phone. */
export function createPhoneEnrolment({ db, outbox, onChange, hasCrypto = Boolean(globalThis.crypto?.subtle) }: EnrolmentParts): PhoneEnrolment {
  let isBusy = false;
  let kept: KeptKey | null = null;

  async function ownKey(userId: string): Promise<KeptKey> {
    kept ??= ((await db.get("keys", KEY_NAME)) as KeptKey | undefined) ?? null;
    if (kept?.user_id !== userId) kept = await keep({ user_id: userId, kid: null, pair: await generateKeys() });
    return kept;
  }

  async function keep(key: KeptKey): Promise<KeptKey> {
    // Kept before it is enrolled: a key that the server knows and the phone lost would be of no use.
    await db.put("keys", key, KEY_NAME);
    kept = key;
    return key;
  }

  async function enrol({ me, device }: DriverState): Promise<boolean> {
    const key = await ownKey(me.id);
    const answer = await outbox.sendNow<EnrolPhone, { kid: number }>("/device", {
      public_key: await exportPublicKey(key.pair.publicKey),
      challenge: device.challenge,
      signature: await signText(key.pair.privateKey, device.challenge),
    });
    if (answer.status !== "done") return false;
    await keep({ ...key, kid: answer.value.result.kid });
    onChange({ status: "ready", kid: answer.value.result.kid });
    return true;
  }

  async function alone<Result>(work: () => Promise<Result>, otherwise: Result): Promise<Result> {
    if (isBusy) return otherwise;
    isBusy = true;
    try {
      return await work();
    } finally {
      isBusy = false;
    }
  }

  return {
    async recall(state) {
      const key = (await db.get("keys", KEY_NAME)) as KeptKey | undefined;
      const isOwn = key?.user_id === state.me.id && key.kid !== null && key.kid === state.device.kid;
      if (isOwn) onChange({ status: "ready", kid: key.kid });
    },
    check: (state) =>
      alone(async () => {
        if (!hasCrypto) return onChange({ status: "insecure", kid: null });
        const { kid } = await ownKey(state.me.id);
        if (kid !== null && state.device.kid === kid) return onChange({ status: "ready", kid });
        if (state.device.kid !== null) return onChange({ status: kid === null ? "other_phone" : "replaced", kid: null });
        await enrol(state);
      }, undefined),
    takeOver: (state) => alone(() => enrol(state), false),
  };
}
