/** ZXing beside the page, so that decoding never holds up the screen: a frame comes in, its texts go out. */
import { type DecodedFrame, pixelsOf, readQr } from "./zxing";

self.addEventListener("message", (event: MessageEvent<ImageBitmap>) => void decode(event.data));

async function decode(frame: ImageBitmap): Promise<void> {
  let answer: DecodedFrame = { texts: [], isBroken: true };
  try {
    const context = new OffscreenCanvas(frame.width, frame.height).getContext("2d", { willReadFrequently: true })!;
    answer = { texts: await readQr(pixelsOf(frame, context)), isBroken: false };
  } finally {
    frame.close();
    self.postMessage(answer);
  }
}
