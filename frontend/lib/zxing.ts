/** ZXing, self-hosted, for QR codes only: used by the scanner's worker and, where that cannot start, by the page. */
import { prepareZXingModule, readBarcodes, type ReaderOptions, type ReadResult } from "zxing-wasm/reader";
import { type Grey, greyOf, sharpen } from "./grey";
import { drawModules, type Judgement, sampleModules, sizeOfVersion, squared } from "./modules";

/** What the worker is asked. */
export interface FrameToRead {
  frame: ImageBitmap;
  isSharpened: boolean;
}

/** What the worker answers to each frame it was sent. */
export interface DecodedFrame {
  texts: string[];
  /** True when ZXing could not be loaded there. */
  isBroken: boolean;
}

/** As much of a 2D context as pages and workers have in common. */
interface FrameContext {
  drawImage(frame: ImageBitmap, x: number, y: number): void;
  getImageData(x: number, y: number, width: number, height: number): ImageData;
}

/** Only the ordinary QR code: among its relatives, noise was taken for a Micro QR, which ended the search. */
const ONE: ReaderOptions = {
  formats: ["QRCodeModel2"],
  tryHarder: true,
  tryRotate: false,
  tryInvert: false,
  maxNumberOfSymbols: 1,
};
/** A code of somebody else may lie beside ours; one that was found and not read is worth a second look. */
const SEVERAL: ReaderOptions = { ...ONE, maxNumberOfSymbols: 4, returnErrors: true };
/** In pixels; half again the size of a module in a sharpened frame, where blur has run modules together. */
const SHARPEN_RADIUS = 5;
const SHARPEN_STRENGTH = 2;
/** The two that together read most of 320 pictures; a third added none. */
const JUDGEMENTS: readonly Judgement[] = [
  { sharpness: 1.5, reach: 7 },
  { sharpness: 0, reach: 3 },
];

// The package would fetch its WebAssembly from a public host; ours lies beside this script, in the same version.
prepareZXingModule({
  overrides: { locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? ZXING_WASM_URL : prefix + path) },
});

/**
 * The texts of the codes in a picture, none when there is no code. Rejects only when ZXing cannot be loaded.
 *
 * `isSharpened` makes the pixels' edges steeper first, in place: for pictures out of focus.
 */
export async function readQr(pixels: ImageData, isSharpened: boolean): Promise<string[]> {
  if (isSharpened) sharpen(pixels, SHARPEN_RADIUS, SHARPEN_STRENGTH);
  const found = await readBarcodes(pixels, SEVERAL);
  const texts = textsOf(found);
  const unread = found.filter((code) => !code.isValid);
  if (unread.length > 0) {
    const grey = greyOf(pixels);
    for (const code of unread) texts.push(...(await readModules(grey, code)));
  }
  return texts;
}

const textsOf = (found: ReadResult[]): string[] => found.filter((code) => code.isValid).map((code) => code.text);

/** Look again at a code that was found and whose errors were too many. */
async function readModules(picture: Grey, { version, position }: ReadResult): Promise<string[]> {
  const size = sizeOfVersion(version);
  if (size === null) return [];
  for (const corners of [squared(position), position]) {
    const modules = sampleModules(picture, corners, size);
    for (const judgement of JUDGEMENTS) {
      const { data, width, height } = drawModules(modules, judgement);
      const texts = textsOf(await readBarcodes(new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height), ONE));
      if (texts.length > 0) return texts;
    }
  }
  return [];
}

/** The pixels of a frame, read through a canvas of its size. */
export function pixelsOf(frame: ImageBitmap, context: FrameContext): ImageData {
  context.drawImage(frame, 0, 0);
  return context.getImageData(0, 0, frame.width, frame.height);
}
