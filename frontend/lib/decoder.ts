/** Finding a QR code in a picture: the browser's own detector where it knows QR, else ZXing in a worker. */

/** One picture at a time; `frame` is closed by the decoder. Answers the texts of the codes found. */
export interface Decoder {
  decode(frame: ImageBitmap): Promise<string[]>;
  /** True when it could not be loaded, such as without signal before it was ever kept. */
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

/** What the worker answers to each frame it was sent. */
export interface DecodedFrame {
  texts: string[];
}

/** Create the best decoder of this browser. */
export async function createDecoder(
  native: NativeDetectorClass | undefined = (globalThis as { BarcodeDetector?: NativeDetectorClass }).BarcodeDetector,
  startWorker: () => Worker = () => new Worker(WORKER_URLS.scanner!, { type: "module" }),
): Promise<Decoder> {
  // Chromium on desktops has the class without any format: asking is the only way to know.
  const formats = await native?.getSupportedFormats().catch((): string[] => []);
  return native && formats?.includes("qr_code") ? nativeDecoder(new native({ formats: ["qr_code"] })) : workerDecoder(startWorker());
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

function workerDecoder(worker: Worker): Decoder {
  let isBroken = false;
  let settle: ((texts: string[]) => void) | null = null;
  const answer = (texts: string[]): void => {
    settle?.(texts);
    settle = null;
  };
  worker.addEventListener("message", (event: MessageEvent<DecodedFrame>) => answer(event.data.texts));
  worker.addEventListener("error", () => {
    isBroken = true;
    answer([]);
  });
  return {
    decode: (frame) =>
      new Promise((resolve) => {
        settle = resolve;
        if (isBroken) answer([]);
        else worker.postMessage(frame, [frame]);
      }),
    isBroken: () => isBroken,
    close() {
      answer([]);
      worker.terminate();
    },
  };
}
