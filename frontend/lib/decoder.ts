/**
 * Finding a QR code in a picture: the browser's own detector where it knows QR, else ZXing in a worker, else ZXing in
 * the page.
 *
 * The last step is for phones without signal. A worker belongs to the service worker whose scope holds the worker's own
 * address, and not to its page's: `/static/dist/…` is in no app's scope, so the worker may only come from the network
 * or the browser's cache. What the page imports always comes from the kept release.
 * Source: HTML standard, "run a worker"; Service Workers, "handle fetch".
 */

import type { DecodedFrame, FrameToRead } from "./zxing";

/** One picture at a time; `frame` is closed by the decoder. Answers the texts of the codes found. */
export interface Decoder {
  /** `isSharpened`: look for a code that is out of focus. */
  decode(frame: ImageBitmap, isSharpened: boolean): Promise<string[]>;
  /** True when nothing that decodes could be loaded. */
  isBroken(): boolean;
  close(): void;
}

interface NativeDetector {
  detect(source: ImageBitmap): Promise<{ rawValue: string }[]>;
}
interface NativeDetectorClass {
  new (options: { formats: string[] }): NativeDetector;
  getSupportedFormats(): Promise<string[]>;
}

/** Create the best decoder of this browser. */
export async function createDecoder(
  native: NativeDetectorClass | undefined = (globalThis as { BarcodeDetector?: NativeDetectorClass }).BarcodeDetector,
  startWorker: () => Worker = () => new Worker(WORKER_URLS.scanner!, { type: "module" }),
): Promise<Decoder> {
  // Chromium on desktops has the class without any format: asking is the only way to know.
  const formats = await native?.getSupportedFormats().catch((): string[] => []);
  if (native && formats?.includes("qr_code")) return nativeDecoder(new native({ formats: ["qr_code"] }));
  return firstThatWorks(workerDecoder(startWorker()), pageDecoder());
}

/** Use the first decoder until it turns out broken, then the second. */
export function firstThatWorks(first: Decoder, second: Decoder): Decoder {
  const current = (): Decoder => (first.isBroken() ? second : first);
  return {
    decode: (frame, isSharpened) => current().decode(frame, isSharpened),
    isBroken: () => current().isBroken(),
    close() {
      first.close();
      second.close();
    },
  };
}

function nativeDecoder(detector: NativeDetector): Decoder {
  return {
    async decode(frame) {
      try {
        return (await detector.detect(frame)).map((code) => code.rawValue);
      } finally {
        frame.close();
      }
    },
    isBroken: () => false,
    close: () => undefined,
  };
}

function pageDecoder(): Decoder {
  const canvas = document.createElement("canvas");
  let isBroken = false;
  return {
    async decode(frame, isSharpened) {
      try {
        const { pixelsOf, readQr } = await import("./zxing");
        [canvas.width, canvas.height] = [frame.width, frame.height];
        const pixels = pixelsOf(frame, canvas.getContext("2d", { willReadFrequently: true })!);
        return await readQr(pixels, isSharpened);
      } catch {
        isBroken = true;
        return [];
      } finally {
        frame.close();
      }
    },
    isBroken: () => isBroken,
    close: () => undefined,
  };
}

function workerDecoder(worker: Worker): Decoder {
  let isBroken = false;
  let settle: ((texts: string[]) => void) | null = null;
  const answer = (texts: string[]): void => {
    settle?.(texts);
    settle = null;
  };
  worker.addEventListener("message", (event: MessageEvent<DecodedFrame>) => {
    isBroken = event.data.isBroken;
    answer(event.data.texts);
  });
  worker.addEventListener("error", () => {
    isBroken = true;
    answer([]);
  });
  return {
    decode: (frame, isSharpened) =>
      new Promise((resolve) => {
        settle = resolve;
        worker.postMessage({ frame, isSharpened } satisfies FrameToRead, [frame]);
      }),
    isBroken: () => isBroken,
    close() {
      answer([]);
      worker.terminate();
    },
  };
}
