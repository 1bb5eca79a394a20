/**
 * Hashes of the log in WebCrypto: leaves, heads, and the two proofs of the Merkle tree (RFC 6962, RFC 9162).
 *
 * The twin of the checking half of `app/domain/merkle.py`. No DOM.
 */

type Bytes = Uint8Array<ArrayBuffer>;

const LEAF = 0;
const NODE = 1;
const HEAD = 2;
/** The head of a delivery's chain before its first event. */
export const EMPTY_HEAD: Bytes = new Uint8Array(32);

export async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

/** The hash of one event's canonical text. */
export function leafHash(record: string): Promise<Bytes> {
  return sha256(Uint8Array.of(LEAF), new TextEncoder().encode(record));
}

/** The head of a delivery's chain after `leaf`. */
export function nextHead(head: Bytes, leaf: Bytes): Promise<Bytes> {
  return sha256(Uint8Array.of(HEAD), head, leaf);
}

function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(Uint8Array.of(NODE), left, right);
}

export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** The root that an inclusion proof leads to, or null when it cannot be one. */
export async function rootByInclusion(leaf: Bytes, position: number, size: number, path: Bytes[]): Promise<Bytes | null> {
  if (!(position >= 0 && position < size)) return null;
  // Divisions and not shifts: a size may need more than 32 bits.
  let [here, last, root] = [position, size - 1, leaf];
  const up = (): void => {
    [here, last] = [Math.floor(here / 2), Math.floor(last / 2)];
  };
  for (const sibling of path) {
    if (last === 0) return null;
    if (here % 2 === 1 || here === last) {
      root = await nodeHash(sibling, root);
      // A node at the right edge has no sibling of its own until it is a right child.
      while (here > 0 && here % 2 === 0) up();
    } else root = await nodeHash(root, sibling);
    up();
  }
  return last === 0 ? root : null;
}

interface Tree {
  size: number;
  root: Bytes;
}

/** Whether a consistency proof shows the old tree to be the beginning of the new one. */
export async function isBeginning(old: Tree, present: Tree, path: Bytes[]): Promise<boolean> {
  if (!(old.size > 0 && old.size <= present.size)) return false;
  const rest = [...path];
  const roots = await bothRoots(old.size, present.size, rest, old.root);
  return roots !== null && rest.length === 0 && isSame(roots.old, old.root) && isSame(roots.present, present.root);
}

/** The old and the new root of a subtree, taking the path's hashes from its end; null when it is too short. */
async function bothRoots(old: number, size: number, rest: Bytes[], whole: Bytes | null): Promise<{ old: Bytes; present: Bytes } | null> {
  if (old === size) {
    const same = whole ?? rest.pop();
    return same ? { old: same, present: same } : null;
  }
  const sibling = rest.pop();
  if (!sibling) return null;
  let split = 1;
  while (split * 2 < size) split *= 2;
  if (old <= split) {
    const left = await bothRoots(old, split, rest, whole);
    return left && { old: left.old, present: await nodeHash(left.present, sibling) };
  }
  const right = await bothRoots(old - split, size - split, rest, null);
  return right && { old: await nodeHash(sibling, right.old), present: await nodeHash(sibling, right.present) };
}
