/**
 * Words in the reader's language. The English text is the key; `<html lang>` decides the language.
 *
 * Every text of the screens goes through `t` or `tn` with a literal first argument, so that the collector finds it.
 */

/** Values for the `{name}` placeholders of a text. */
export type Facts = Readonly<Record<string, string | number>>;

/** English text → translation; for counted texts the English singular → the plural forms in gettext's order. */
export type Messages = Readonly<Record<string, string | readonly string[]>>;

/** Fetches the words of one language; the build knows where they are. */
export type MessageLoader = (language: string) => Promise<Messages | null>;

const loadBuilt: MessageLoader = async (language) => {
  const address = MESSAGES_URLS[language];
  return address === undefined ? null : ((await (await fetch(address)).json()) as Messages);
};

/** Engines list a language's categories in different orders; gettext's is this one. */
const FORM_ORDER: readonly Intl.LDMLPluralRule[] = ["zero", "one", "two", "few", "many", "other"];

let locale = "en";
let messages: Messages = {};

/**
 * Load the words for a language tag such as `es` or `es-US`; call once before the first screen is drawn.
 *
 * An unknown language, or a catalogue that cannot be loaded, leaves the English words: never an empty screen.
 */
export async function loadMessages(language: string, load: MessageLoader = loadBuilt): Promise<void> {
  locale = language || "en";
  messages = {};
  const short = locale.split("-")[0]!.toLowerCase();
  if (short === "en") return;
  const found = await load(short).catch(() => null);
  if (found) messages = found;
  else locale = "en";
}

/** The language tag in use, for `Intl`. */
export function currentLocale(): string {
  return locale;
}

/** Translate a text and fill its `{placeholders}` from `facts`; an unknown placeholder stays visible. */
export function t(text: string, facts: Facts = {}): string {
  const found = messages[text];
  return fill(typeof found === "string" && found ? found : text, facts);
}

/**
 * Translate a counted text: `tn("{n} parcel", "{n} parcels", 2)`. `n` is a fact of its own.
 *
 * Like gettext's ngettext: the English singular is the key. Languages with more than two forms order them as
 * `Intl.PluralRules` does (zero, one, two, few, many, other, as far as the language has them).
 */
export function tn(one: string, many: string, n: number, facts: Facts = {}): string {
  const forms = messages[one];
  const text = Array.isArray(forms) ? forms[formIndex(n, forms.length)] : undefined;
  return fill(text || (n === 1 ? one : many), { n, ...facts });
}

function formIndex(n: number, formCount: number): number {
  if (formCount === 2) return n === 1 ? 0 : 1;
  const rules = new Intl.PluralRules(locale);
  const categories = rules.resolvedOptions().pluralCategories;
  const index = FORM_ORDER.filter((category) => categories.includes(category)).indexOf(rules.select(n));
  return Math.min(Math.max(index, 0), formCount - 1);
}

function fill(text: string, facts: Facts): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = facts[name];
    return value === undefined ? placeholder : String(value);
  });
}
