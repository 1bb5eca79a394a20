/**
 * Translations for the front end: picks from each messages.po the texts that TypeScript uses.
 *
 * Python and TypeScript share one .po file per language, so that translators work in one place. A
 * phone gets only the texts that its code names: literals in frontend/ and the problems it can meet
 * without a server.
 */
import { readFileSync } from "node:fs";

const CONTEXT_SEPARATOR = "\u0004"; // As gettext's own .mo files join msgctxt and msgid.

/**
 * Read a .po file.
 *
 * @param {string} text The file.
 * @returns {{key: string, msgid: string, strings: string[], fuzzy: boolean}[]} Entries in file order,
 *   without the header. `strings` holds one text, or one per plural form.
 */
export function parsePo(text) {
  return text
    .split(/\r?\n[ \t]*\r?\n/)
    .map(parseEntry)
    .filter((entry) => entry.msgid !== "");
}

function parseEntry(block) {
  const fields = {};
  let field = null;
  let fuzzy = false;
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith("#")) {
      fuzzy ||= line.startsWith("#,") && line.includes("fuzzy");
      continue;
    }
    const [, name, quoted] = line.match(/^\s*([a-z_]+(?:\[\d+\])?)?\s*(".*")\s*$/) ?? [];
    if (quoted === undefined) continue;
    field = name ?? field;
    // A .po string is quoted like a JSON one, for every escape that babel writes.
    fields[field] = (fields[field] ?? "") + JSON.parse(quoted);
  }
  const msgid = fields.msgid ?? "";
  const strings = Object.keys(fields)
    .filter((name) => name.startsWith("msgstr"))
    .map((name) => fields[name]);
  const key = fields.msgctxt === undefined ? msgid : fields.msgctxt + CONTEXT_SEPARATOR + msgid;
  return { key, msgid, strings, fuzzy };
}

/**
 * Choose the translations one language needs in the browser.
 *
 * @param {string} poFile Path of a messages.po.
 * @param {(text: string) => boolean} isUsed Whether the front end shows this English text.
 * @returns {Record<string, string | string[]>} Translation by English text, sorted; a list where the
 *   text has plural forms. Untranslated and fuzzy texts are left out and appear in English.
 */
export function messagesFor(poFile, isUsed) {
  const chosen = parsePo(readFileSync(poFile, "utf8"))
    .filter((entry) => !entry.fuzzy && entry.strings.every((text) => text !== ""))
    .filter((entry) => isUsed(entry.msgid))
    .map((entry) => [entry.key, entry.strings.length === 1 ? entry.strings[0] : entry.strings]);
  return Object.fromEntries(chosen.sort(([one], [other]) => (one < other ? -1 : 1)));
}
