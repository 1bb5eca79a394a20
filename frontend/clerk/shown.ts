/** What the screens see: the server's state, or the last known board for a clerk whom only the tablet has signed in. */
import type { LiveView } from "../lib/store";
import type { DeskState } from "./api";
import type { SignedInClerk } from "./clerk-codes";

/** The lists of an unlocked desk. */
export type BoardLists = Pick<DeskState, "to_pack" | "ready" | "arriving" | "gone" | "incidents" | "parcels" | "waves">;

/** The lists as the server last told them. */
export interface Board {
  lists: BoardLists;
  /** Corrected milliseconds. */
  at: number;
}

const EMPTY: BoardLists = { to_pack: [], ready: [], arriving: [], gone: [], incidents: [], parcels: [], waves: [] };

/** The board in a state document; null while the desk is locked, because its lists are empty then. */
export function boardOf(state: DeskState, at: number): Board | null {
  const { clerk, to_pack, ready, arriving, gone, incidents, parcels, waves } = state;
  return clerk && { lists: { to_pack, ready, arriving, gone, incidents, parcels, waves }, at };
}

/** A state document with nothing of a person in it: what a locked desk may keep in the open. */
export function lockedOf(state: DeskState): DeskState {
  return { ...state, clerk: null, ...EMPTY };
}

/** What the screens see. `clerk` is whom the tablet has signed in by itself, `board` what it knew last. */
export function shownView(heard: LiveView<DeskState>, clerk: SignedInClerk | null, board: Board | null): LiveView<DeskState> {
  const { state } = heard;
  // Signed in with the server already, such as by a request whose answer was lost: its lists are the newest.
  if (clerk === null || state === null || state.clerk?.id === clerk.id) return heard;
  // Lists kept by an earlier release have fewer names.
  const lists = { ...EMPTY, ...board?.lists };
  const counts = { to_pack: lists.to_pack.length, ready: lists.ready.length, arriving: lists.arriving.length };
  return { ...heard, state: { ...state, ...lists, counts, clerk }, lastAt: board?.at ?? null };
}
