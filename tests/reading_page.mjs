// A page that reads codes in still pictures with the apps' own scanner code: each look in turn until one finds a code.
import { createDecoder } from "../frontend/lib/decoder.ts";
import { LOOKS, takeLook } from "../frontend/lib/looks.ts";

const decoder = createDecoder();

/** Names of readers -> what finds texts in a picture. Other pages add theirs. */
export const readers = { mallrun: readAsApps };

async function readAsApps(picture) {
  const ready = await decoder;
  for (const look of LOOKS) {
    const texts = await ready.decode(await takeLook(picture, look), look.isSharpened);
    if (ready.isBroken()) throw new Error("the decoder could not be loaded");
    if (texts.length > 0) return texts;
  }
  return [];
}

/** The texts that a reader finds in the picture at an address, and the milliseconds it took. */
globalThis.readPicture = async (reader, url) => {
  const picture = await createImageBitmap(await (await fetch(url)).blob());
  const started = performance.now();
  const texts = await readers[reader](picture);
  const ms = performance.now() - started;
  picture.close();
  return { texts, ms };
};
