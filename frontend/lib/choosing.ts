/** Which of the codes in front of the camera the person means, and when it is told. */

export interface Chooser {
  /** The text to tell now, or null. `texts` is what one look found; call it for every look, also an empty one. */
  choose(texts: string[], nowMs: number): string | null;
}

const OURS = "MP1:";
/** The same text stays in the picture while its result is shown. */
const SAME_TEXT_AFTER_MS = 2_000;
/** A code that is not ours is told when this many looks in a row have found one and none of ours. */
const FOREIGN_LOOKS = 3;

/**
 * Codes of ours come first, wherever they stand in the picture, and one after the other when there are several.
 *
 * One look may find only the advertisement beside the tablet, and the next one our code: somebody else's code is told
 * when ours does not turn up.
 */
export function createChooser(): Chooser {
  const toldAtMs = new Map<string, number>();
  let foreignCount = 0;
  return {
    choose(texts, nowMs) {
      if (texts.length === 0) return null;
      const ours = texts.filter((text) => text.startsWith(OURS));
      foreignCount = ours.length === 0 ? foreignCount + 1 : 0;
      if (ours.length === 0 && foreignCount < FOREIGN_LOOKS) return null;
      for (const [text, atMs] of toldAtMs) if (nowMs - atMs >= SAME_TEXT_AFTER_MS) toldAtMs.delete(text);
      const text = (ours.length > 0 ? ours : texts).find((one) => !toldAtMs.has(one)) ?? null;
      if (text !== null) toldAtMs.set(text, nowMs);
      return text;
    },
  };
}
