/**
 * Signing in without signal: what the tablet keeps of each clerk's code after a sign-in that the server accepted.
 *
 * It keeps HMAC-SHA256 of the six digits under a key that was made here and cannot be read out. That keeps the digits
 * out of a copied database; somebody who holds the unlocked browser could still try all million of them, which is an
 * accepted residual. Guessing at the keypad ends after five wrong codes, also over reloads and tabs.
 * Source: handoff protocol MP1, "Clerk"; `app/accounts/clerks.py` is the server's side.
 */
import type { Clock } from "../lib/clock";
import type { Database } from "../lib/database";
import { uuidv7 } from "../lib/ids";
import type { DeskState } from "./api";

export type SignedInClerk = NonNullable<DeskState["clerk"]>;

/** wrong: counted as a try · old: the right code, but no sign-in with signal in time · nobody: nothing to compare with. */
export type CheckedCode =
  | { status: "known"; clerk: SignedInClerk; until: number }
  | { status: "wrong"; triesLeft: number }
  | { status: "old"; clerk: SignedInClerk }
  | { status: "locked" }
  | { status: "nobody" };

export interface ClerkCodes {
  /** The server has accepted this code: keep what checks it, and forget the wrong tries. */
  remember(clerk: SignedInClerk, code: string): Promise<void>;
  /** Check a code without the server. A try is counted before it is checked, so that no reload gives one back. */
  check(code: string): Promise<CheckedCode>;
  /** The server has refused a code that was typed here: it counts as a try, and is nobody's code any more. */
  refused(code: string): Promise<void>;
  /** What the server says about this desk: who may sign in, and whether it is locked. */
  hear(state: Pick<DeskState, "clerk_ids" | "sign_in_locked">): Promise<void>;
  /** The wrong codes since the last right one that the server has not heard of; the same answer until `reported`. */
  toReport(): Promise<TriesReport | null>;
  /** The server has counted them. */
  reported(report: TriesReport): Promise<void>;
  /** Five wrong codes were typed here; only the server (a sign-in, or a manager's unlocking) helps. */
  isLocked(): Promise<boolean>;
  /** When the sign-in of a clerk ends at the latest, corrected milliseconds; null when none is kept. */
  endOf(clerkId: string): Promise<number | null>;
  /** Forget everything: the desk is retired. */
  forget(): Promise<void>;
}

/** The twin of `WRONG_CODES_MAX` in `app/accounts/clerks.py`. */
export const WRONG_CODES_MAX = 5;
/** A clerk's sign-in ends after this long in any case. Source: MP1, "the session ends at 12 h". */
export const SIGN_IN_LIFE_MS = 12 * 3_600_000;
/** Until then the tablet can still say that a code is right but too old; the same life as the roster's. */
const KEPT_FOR_MS = 24 * 3_600_000;
/** A clock that was set back by more than this proves nothing about an age. */
const SET_BACK_MS = 5 * 60_000;
const HMAC = { name: "HMAC", hash: "SHA-256", length: 256 } as const;
const NAME = "clerk_codes";
const TRIES = "clerk_tries";

interface Verifier {
  clerk: SignedInClerk;
  mac: ArrayBuffer;
  /** Corrected milliseconds of the last sign-in with signal. */
  signed_in_at: number;
}

interface Kept {
  key: CryptoKey;
  verifiers: Verifier[];
}

interface Tries {
  wrong: number;
  /** The server has locked this desk: a manager's unlocking there helps here too. */
  is_locked_there: boolean;
  /** Of `wrong`, typed without signal and in no report yet. */
  unheard?: number;
  report?: TriesReport | null;
}

/** Wrong codes to tell the server; its id makes a repeated one count once. */
export interface TriesReport {
  command_id: string;
  count: number;
}

const NO_TRIES: Tries = { wrong: 0, is_locked_there: false, unheard: 0, report: null };

/** Create the keeper of this tablet's clerk codes. On an insecure page it keeps nothing and knows nobody. */
export function createClerkCodes({ db, clock }: { db: Database; clock: Clock }): ClerkCodes {
  async function kept(): Promise<Kept | null> {
    const found = (await db.get("keys", NAME)) as Kept | undefined;
    return found ? keepOnly(found, ({ signed_in_at: at }) => clock.now() - at < KEPT_FOR_MS) : null;
  }

  async function keepOnly(known: Kept, isStaying: (verifier: Verifier) => boolean): Promise<Kept> {
    const verifiers = known.verifiers.filter(isStaying);
    if (verifiers.length === known.verifiers.length) return known;
    const left = { ...known, verifiers };
    await db.put("keys", left, NAME);
    return left;
  }

  /** Change the count in one transaction; the answer is the count as it was before. */
  async function change(how: (tries: Tries) => Tries): Promise<Tries> {
    const tx = db.transaction("keys", "readwrite", { durability: "strict" });
    const work = async (): Promise<Tries> => {
      const before = ((await tx.store.get(TRIES)) as Tries | undefined) ?? NO_TRIES;
      const after = how(before);
      if (after !== before) await tx.store.put(after, TRIES);
      return before;
    };
    const [before] = await Promise.all([work(), tx.done]);
    return before;
  }

  async function matching({ key, verifiers }: Kept, code: string): Promise<Verifier | null> {
    let found: Verifier | null = null;
    // All of them, so that the time says nothing about whose code it nearly was.
    for (const each of verifiers) if (await crypto.subtle.verify(HMAC, key, each.mac, encoded(code))) found = each;
    return found;
  }

  return {
    async remember(clerk, code) {
      if (globalThis.crypto?.subtle) {
        const before = await kept();
        const key = before?.key ?? (await crypto.subtle.generateKey(HMAC, false, ["sign", "verify"]));
        const mac = await crypto.subtle.sign(HMAC, key, encoded(code));
        // A code that somebody else had before is theirs no longer.
        const stale = before && (await matching(before, code));
        const others = (before?.verifiers ?? []).filter((each) => each.clerk.id !== clerk.id && each !== stale);
        await db.put("keys", { key, verifiers: [...others, { clerk, mac, signed_in_at: clock.now() }] } satisfies Kept, NAME);
      }
      await change(() => NO_TRIES);
    },

    async check(code) {
      const known = await kept();
      if (!known || known.verifiers.length === 0) return { status: "nobody" };
      const { wrong, is_locked_there } = await change((tries) => (isOver(tries) ? tries : { ...tries, wrong: tries.wrong + 1, unheard: (tries.unheard ?? 0) + 1 }));
      if (isOver({ wrong, is_locked_there })) return { status: "locked" };
      const found = await matching(known, code);
      if (!found) {
        const triesLeft = WRONG_CODES_MAX - wrong - 1;
        return triesLeft > 0 ? { status: "wrong", triesLeft } : { status: "locked" };
      }
      await change(() => NO_TRIES);
      const { clerk, signed_in_at: at } = found;
      const age = clock.now() - at;
      if (age >= SIGN_IN_LIFE_MS || age < -SET_BACK_MS) return { status: "old", clerk };
      return { status: "known", clerk, until: at + SIGN_IN_LIFE_MS };
    },

    async refused(code) {
      await change((tries) => ({ ...tries, wrong: Math.min(WRONG_CODES_MAX, tries.wrong + 1) }));
      const known = await kept();
      const stale = known && (await matching(known, code));
      if (stale) await keepOnly(known, (each) => each !== stale);
    },

    async hear({ clerk_ids: ids, sign_in_locked: isLockedThere }) {
      await change((tries) => {
        if (isLockedThere === tries.is_locked_there) return tries;
        return isLockedThere ? { ...tries, is_locked_there: true } : NO_TRIES;
      });
      const known = await kept();
      if (known) await keepOnly(known, ({ clerk }) => ids.includes(clerk.id));
    },

    async toReport() {
      const fresh = uuidv7(clock.now());
      const noted = (tries: Tries): Tries => {
        if (tries.report || !tries.unheard) return tries;
        return { ...tries, unheard: 0, report: { command_id: fresh, count: tries.unheard } };
      };
      return noted(await change(noted)).report ?? null;
    },

    async reported({ command_id: id }) {
      await change((tries) => (tries.report?.command_id === id ? { ...tries, report: null } : tries));
    },

    async isLocked() {
      return isOver(((await db.get("keys", TRIES)) as Tries | undefined) ?? NO_TRIES);
    },

    async endOf(clerkId) {
      const found = (await kept())?.verifiers.find(({ clerk }) => clerk.id === clerkId);
      return found ? found.signed_in_at + SIGN_IN_LIFE_MS : null;
    },

    async forget() {
      await db.delete("keys", NAME);
      await change(() => NO_TRIES);
    },
  };
}

function isOver({ wrong, is_locked_there }: Tries): boolean {
  return is_locked_there || wrong >= WRONG_CODES_MAX;
}

function encoded(code: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`MP1 clerk ${code}`);
}
