/** Scanning: frames of the camera's video go to the decoder until a text comes out. DOM: it fills one `<video>`. */
import { type Camera, openCamera } from "./camera";
import { type FeedListener, startFeed } from "./camera-feed";
import { createChooser } from "./choosing";
import { createDecoder, type Decoder } from "./decoder";
import { LOOKS, takeLook } from "./looks";

export interface Scanner {
  /** Stop looking while a result is shown; the picture stays. */
  pause(): void;
  resume(): void;
  /** Let go of the camera and the decoder, for good. */
  close(): void;
}

export interface ScannerOptions extends FeedListener {
  /** Muted, `playsinline`; the scanner sets its stream. */
  video: HTMLVideoElement;
  /** Called for each text read, one of ours first; the same text again at the earliest after 2 s. */
  onText: (text: string) => void;
}

/** Entries of the browser's performance timeline: when a camera was asked for, and when a text was told. */
export const MARKS = { open: "scanner-open", text: "scanner-text" } as const;

/** Between two looks; a slow device pauses as long as its look took, so that it stays cool and the screen smooth. */
const SHORTEST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 120;

/** Start scanning at once. */
export function startScanner({ video, onText, onFault, onReady }: ScannerOptions): Scanner {
  const decoderReady = createDecoder();
  const chooser = createChooser();
  let isClosed = false;
  let isPaused = false;
  let lookCount = 0;

  const open = () => {
    performance.mark(MARKS.open);
    return openCamera();
  };
  const begin = (camera: Camera): void => {
    onReady(camera);
    void look(camera);
  };
  const feed = startFeed({ video, open, onFault, onReady: begin });

  async function look(own: Camera): Promise<void> {
    const decoder = await decoderReady;
    while (feed.camera() === own) {
      if (decoder.isBroken()) {
        feed.close();
        // The way on is the same as without a camera: type the short code.
        return onFault("camera_missing");
      }
      const started = performance.now();
      if (!isPaused && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) await lookOnce(decoder);
      const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, performance.now() - started));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async function lookOnce(decoder: Decoder): Promise<void> {
    const next = LOOKS[lookCount % LOOKS.length]!;
    lookCount += 1;
    // A frame that is just being replaced cannot be taken: the next one can.
    const frame = await takeLook(video, next).catch(() => null);
    const texts = frame ? await decoder.decode(frame, next.isSharpened).catch(() => []) : [];
    if (isPaused || isClosed) return;
    const text = chooser.choose(texts, performance.now());
    if (text === null) return;
    performance.mark(MARKS.text);
    onText(text);
  }

  return {
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
    },
    close() {
      isClosed = true;
      feed.close();
      void decoderReady.then((decoder) => decoder.close());
    },
  };
}
