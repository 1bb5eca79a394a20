/** Bytes as text, as they travel: hex in lower case, and base64url without padding. Source: RFC 4648, section 5. */

export type Bytes = Uint8Array<ArrayBuffer>;

/** Two hex digits per byte. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of a text that `toHex` wrote. Throws RangeError on anything else. */
export function fromHex(hex: string): Bytes {
  if (!/^(?:[0-9a-f]{2})*$/.test(hex)) throw new RangeError("not hex");
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function toBase64Url(bytes: Uint8Array): string {
  // Byte by byte: as many arguments as a large envelope has bytes would overflow the stack.
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes of base64 as servers write it: with padding. Throws the browser's error on anything else. */
export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Throws RangeError on other characters, padding, or a spelling that `toBase64Url` would not have written. */
export function fromBase64Url(text: string): Bytes {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) throw new RangeError("not base64url");
  const bytes = fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  // The last character may hold bits that say nothing: only one of its spellings is ours.
  if (toBase64Url(bytes) !== text) throw new RangeError("not base64url");
  return bytes;
}

/** SHA-256 in hex; a text is hashed as UTF-8. */
export async function sha256Hex(content: string | BufferSource): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
