/** Which of the codes in front of the camera the person means, and when it is told. */

export interface Chooser {
  /** The text to tell now, or null. `texts` is what one look found; call it for every look, also an empty one. */
  choose(texts: string[], nowMs: number): string | null;
  /** Tell the next text even when it was the last one told. */
  forget(): void;
}

const OURS = "MP1:";
/** The same text stays in the picture while its result is shown. */
const SAME_TEXT_AFTER_MS = 2_000;
/** A code that is not ours is told when this many looks in a row have found one and none of ours. */
const FOREIGN_LOOKS = 3;

/**
 * Codes of ours come first, wherever they stand in the picture.
 *
 * One look may find only the advertisement beside the tablet, and the next one our code: somebody else's code is told
 * when ours does not turn up.
 */
export function createChooser(): Chooser {
  let last = { text: "", atMs: 0 };
  let foreignCount = 0;
  return {
    choose(texts, nowMs) {
      if (texts.length === 0) return null;
      const ours = texts.find((text) => text.startsWith(OURS));
      foreignCount = ours === undefined ? foreignCount + 1 : 0;
      if (ours === undefined && foreignCount < FOREIGN_LOOKS) return null;
      const text = ours ?? texts[0]!;
      if (text === last.text && nowMs - last.atMs < SAME_TEXT_AFTER_MS) return null;
      last = { text, atMs: nowMs };
      return text;
    },
    forget() {
      last = { text: "", atMs: 0 };
      foreignCount = 0;
    },
  };
}
