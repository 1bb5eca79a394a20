/** What people type: the customer's PIN and the short code under a tablet's code. */

export const PIN_DIGITS = 6;
export const SHORT_CODE_CHARACTERS = 6;

/** The digits of what was typed or pasted ("482 913"), at most six; other scripts' digits count too. */
export function pinOf(typed: string): string {
  return typed.normalize("NFKC").replace(/\D/g, "").slice(0, PIN_DIGITS);
}

/** Six Crockford characters: capitals, without spaces, letters that look like digits read as those. */
export function shortCodeOf(typed: string): string {
  const capitals = typed.normalize("NFKC").toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");
  return capitals.replace(/[^0-9A-HJKMNP-TV-Z]/g, "").slice(0, SHORT_CODE_CHARACTERS);
}
