/** ZXing beside the page, so that decoding never holds up the screen: a frame comes in, its texts go out. */
import { prepareZXingModule, readBarcodes, type ReaderOptions } from "zxing-wasm/reader";
import type { DecodedFrame } from "./decoder";

const OPTIONS: ReaderOptions = { formats: ["QRCode"], tryHarder: true, tryRotate: false, tryInvert: false, maxNumberOfSymbols: 1 };

// The package would fetch its WebAssembly from a public host; ours lies beside this script, in the same version.
prepareZXingModule({
  overrides: { locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? ZXING_WASM_URL : prefix + path) },
});

self.addEventListener("message", (event: MessageEvent<ImageBitmap>) => void decode(event.data));

async function decode(frame: ImageBitmap): Promise<void> {
  let texts: string[] = [];
  try {
    texts = (await readBarcodes(pixelsOf(frame), OPTIONS)).filter((code) => code.isValid).map((code) => code.text);
  } finally {
    frame.close();
    self.postMessage({ texts } satisfies DecodedFrame);
  }
}

function pixelsOf(frame: ImageBitmap): ImageData {
  const canvas = new OffscreenCanvas(frame.width, frame.height);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(frame, 0, 0);
  return context.getImageData(0, 0, frame.width, frame.height);
}
