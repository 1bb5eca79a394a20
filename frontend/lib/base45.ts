/** Base45: bytes as the 45 characters that a QR code packs densest. Source: RFC 9285. */

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** Two bytes become three characters, a last odd byte becomes two. */
export function encodeBase45(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const low = bytes[at + 1];
    const isPair = low !== undefined;
    let number = isPair ? bytes[at]! * 256 + low : bytes[at]!;
    for (let digits = isPair ? 3 : 2; digits > 0; digits--) {
      text += ALPHABET[number % 45];
      number = Math.floor(number / 45);
    }
  }
  return text;
}

/**
 * The bytes that a text stands for; every byte string has exactly one text.
 *
 * Throws RangeError on a character outside the alphabet, a left-over single character, or a group that
 * stands for more than its bytes can hold (`:::`).
 */
export function decodeBase45(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const digits = Array.from(text.slice(at, at + 3), (character) => ALPHABET.indexOf(character));
    const number = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    const isPair = digits.length === 3;
    if (digits.length === 1 || digits.includes(-1) || number > (isPair ? 0xffff : 0xff)) {
      throw new RangeError("not Base45");
    }
    if (isPair) bytes.push(number >> 8);
    bytes.push(number & 0xff);
  }
  return new Uint8Array(bytes);
}
