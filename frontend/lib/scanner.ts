/**
 * Scanning: frames of the camera's video go to the decoder until a text comes out. DOM: it fills one `<video>`.
 *
 * The camera is let go of while the page is hidden, and opened again when it comes back or when something else took it.
 */
import { type Camera, type CameraFault, openCamera } from "./camera";
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

export interface ScannerOptions {
  /** Muted, `playsinline`; the scanner sets its stream. */
  video: HTMLVideoElement;
  /** Called for each text read, one of ours first; the same text again at the earliest after 2 s. */
  onText: (text: string) => void;
  /** There is no picture, and why; the screen then offers the typed short code. */
  onFault: (fault: CameraFault) => void;
  /** The picture runs; again, with another camera, after the page was hidden. */
  onReady?: (camera: Camera) => void;
  open?: typeof openCamera;
  decoder?: () => Promise<Decoder>;
}

/** Entries of the browser's performance timeline: when a camera was asked for, and when a text was told. */
export const MARKS = { open: "scanner-open", text: "scanner-text" } as const;

/** Between two looks; a slow device pauses as long as its look took, so that it stays cool and the screen smooth. */
const SHORTEST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 120;

/** Start scanning at once. */
export function startScanner(options: ScannerOptions): Scanner {
  const { video, onText, onFault, onReady, open = openCamera } = options;
  const decoderReady = (options.decoder ?? createDecoder)();
  const chooser = createChooser();
  let camera: Camera | null = null;
  let isClosed = false;
  let isPaused = false;
  let isOpening = false;
  let lookCount = 0;

  async function begin(): Promise<void> {
    if (camera || isOpening || isClosed) return;
    isOpening = true;
    performance.mark(MARKS.open);
    const opened = await open();
    isOpening = false;
    if ("fault" in opened) return isClosed ? undefined : onFault(opened.fault);
    if (isClosed || document.hidden) return opened.camera.close();
    camera = opened.camera;
    // A phone call or another app may take the camera away, and a cable may be pulled.
    camera.stream.getVideoTracks()[0]?.addEventListener("ended", () => {
      letGo();
      if (!document.hidden) void begin();
    });
    video.srcObject = camera.stream;
    await video.play().catch(() => undefined);
    if (camera !== opened.camera) return;
    onReady?.(camera);
    void look(camera);
  }

  function letGo(): void {
    camera?.close();
    camera = null;
    video.srcObject = null;
  }

  async function look(own: Camera): Promise<void> {
    const decoder = await decoderReady;
    while (camera === own && !isClosed) {
      if (decoder.isBroken()) {
        letGo();
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

  const whenVisibilityChanges = (): void => (document.hidden ? letGo() : void begin());

  document.addEventListener("visibilitychange", whenVisibilityChanges);
  void begin();
  return {
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
    },
    close() {
      isClosed = true;
      document.removeEventListener("visibilitychange", whenVisibilityChanges);
      letGo();
      void decoderReady.then((decoder) => decoder.close());
    },
  };
}
