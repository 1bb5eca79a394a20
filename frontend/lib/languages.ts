/** The languages there are, each in its own words, so that people find theirs. The server remembers the choice. */
export const LANGUAGES = [
  ["en", "English"],
  ["es", "Español"],
] as const;
