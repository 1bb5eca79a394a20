/** ZXing beside the page, so that decoding never holds up the screen: a frame comes in, its texts go out. */
import { type DecodedFrame, type FrameToRead, pixelsOf, readQr } from "./zxing";

self.addEventListener("message", (event: MessageEvent<FrameToRead>) => void decode(event.data));

const canvas = new OffscreenCanvas(1, 1);

async function decode({ frame, isSharpened }: FrameToRead): Promise<void> {
  let answer: DecodedFrame = { texts: [], isBroken: true };
  try {
    [canvas.width, canvas.height] = [frame.width, frame.height];
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    answer = { texts: await readQr(pixelsOf(frame, context), isSharpened), isBroken: false };
  } finally {
    frame.close();
    self.postMessage(answer);
  }
}
