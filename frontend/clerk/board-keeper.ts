/**
 * What the tablet keeps of the store's day between starts: sealed, and for a day at most.
 *
 * A desk that nobody has unlocked shows the store, the time and counts. The lists with people in them are kept beside
 * that, come up only after a sign-in, and stay as they are while the server tells no lists because the desk is locked.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Clock } from "../lib/clock";
import type { Database, KeptState } from "../lib/database";
import { keepIn, type StateKeeper } from "../lib/store";
import type { DeskState } from "./api";
import { type Board, boardOf, lockedOf } from "./shown";

export interface BoardKeeper extends StateKeeper {
  /** The last known lists; null when there are none, or they are older than a day. */
  board: ReadonlySignal<Board | null>;
  /** True for the state that was read from the tablet, and not heard from the server. */
  isOwn(state: DeskState): boolean;
  /** Drop lists that are a day old; true when there were some. Call every few seconds. */
  dropOld(): boolean;
  /** The desk is retired: forget the lists. */
  forget(): Promise<void>;
}

/** The roster's longest life: whoever was on it may have been taken off since. Source: MP1, "Roster". */
const BOARD_LIFE_MS = 24 * 3_600_000;
const KEY = "state";

/** What a state kept by an earlier release does not have. */
const SINCE_SEALING: Partial<DeskState> = { clerk_ids: [], server_keys: [], checkpoint: null };

interface Kept extends KeptState {
  board?: Board | null;
}

/** Create the keeper; it also takes over what an earlier release has kept. */
export function createBoardKeeper(db: Database, clock: Pick<Clock, "now">): BoardKeeper {
  const sealed = keepIn(db, KEY);
  const board = signal<Board | null>(null);
  let own: unknown = null;
  let last: KeptState | null = null;

  const isYoung = (known: Board | null): boolean => known !== null && clock.now() - known.at < BOARD_LIFE_MS;

  async function write(): Promise<void> {
    if (last) await sealed.save({ ...last, board: board.value } as Kept);
  }

  return {
    board,
    isOwn: (state) => state === own,
    async load() {
      const kept = (await sealed.load()) as Kept | undefined;
      if (!kept) return undefined;
      const { board: known = null, value, ...others } = kept;
      // The offset that belongs to these instants is set after this: a wrong device clock is judged by `dropOld`.
      board.value = known;
      own = value && { ...SINCE_SEALING, ...lockedOf(value as DeskState) };
      last = { ...others, value: own };
      // Without the ETag the next answer is the whole document again.
      return { ...last, etag: null };
    },
    async save(kept) {
      const state = kept.value as DeskState | null;
      board.value = (state && boardOf(state, kept.saved_at)) ?? board.value;
      last = { ...kept, value: state && lockedOf(state), etag: null };
      await write();
    },
    dropOld() {
      if (board.value === null || isYoung(board.value)) return false;
      board.value = null;
      void write().catch(() => undefined);
      return true;
    },
    async forget() {
      board.value = null;
      last = null;
      await db.delete("state", KEY);
    },
  };
}
