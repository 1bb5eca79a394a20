/** ZXing, self-hosted, for QR codes only: used by the scanner's worker and, where that cannot start, by the page. */
import { prepareZXingModule, readBarcodes, type ReaderOptions } from "zxing-wasm/reader";

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

const OPTIONS: ReaderOptions = { formats: ["QRCode"], tryHarder: true, tryRotate: false, tryInvert: false, maxNumberOfSymbols: 1 };

// The package would fetch its WebAssembly from a public host; ours lies beside this script, in the same version.
prepareZXingModule({
  overrides: { locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? ZXING_WASM_URL : prefix + path) },
});

/** The texts of the codes in a picture, none when there is no code. Rejects only when ZXing cannot be loaded. */
export async function readQr(pixels: ImageData): Promise<string[]> {
  return (await readBarcodes(pixels, OPTIONS)).filter((code) => code.isValid).map((code) => code.text);
}

/** The pixels of a frame, read through a canvas of its size. */
export function pixelsOf(frame: ImageBitmap, context: FrameContext): ImageData {
  context.drawImage(frame, 0, 0);
  return context.getImageData(0, 0, frame.width, frame.height);
}
