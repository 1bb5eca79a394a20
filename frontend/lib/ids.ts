/** Command ids: UUID version 7, so that they sort by the time they were made. Source: RFC 9562, section 5.7. */

/** Fills the bytes with randomness and returns them; `crypto.getRandomValues` in a browser. */
export type RandomBytes = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

const browserRandom: RandomBytes = (bytes) => crypto.getRandomValues(bytes);

/** Make a UUIDv7 from `now` (milliseconds since 1970) and 74 random bits. */
export function uuidv7(now: number, random: RandomBytes = browserRandom): string {
  const bytes = random(new Uint8Array(16));
  new DataView(bytes.buffer).setUint32(0, Math.floor(now / 0x10000));
  new DataView(bytes.buffer).setUint16(4, now % 0x10000);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
