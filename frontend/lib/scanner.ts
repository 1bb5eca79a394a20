/**
 * Scanning: frames of the camera's video go to the decoder until a text comes out. DOM: it fills one `<video>`.
 *
 * Most frames are looked at small (480 lines), because a quick look often beats a thorough one; every fourth is
 * looked at as the camera gives it, for codes that are far away.
 */
import { type Camera, type CameraFault, openCamera } from "./camera";
import { createDecoder, type Decoder } from "./decoder";

export interface Scanner {
  /** Undefined until the camera runs: then whether it has a lamp. */
  hasTorch(): boolean;
  setTorch(isOn: boolean): Promise<void>;
  /** Stop looking while a result is shown; the picture stays. */
  pause(): void;
  resume(): void;
  /** Let go of the camera and the decoder, for good. */
  close(): void;
}

export interface ScannerOptions {
  /** Muted, `playsinline`; the scanner sets its stream. */
  video: HTMLVideoElement;
  /** Called for each text read; the same text again at the earliest after 2 s. */
  onText: (text: string) => void;
  /** There is no picture, and why; the screen then offers the typed short code. */
  onFault: (fault: CameraFault) => void;
  /** The picture runs (again, after the page was hidden). */
  onReady?: (scanner: Scanner) => void;
  open?: typeof openCamera;
  decoder?: () => Promise<Decoder>;
}

const SMALL_LINES = 480;
const FULL_EVERY = 4;
const PAUSE_BETWEEN_FRAMES_MS = 60;
const SAME_TEXT_AFTER_MS = 2_000;

/** Start scanning at once. The camera is let go of while the page is hidden and opened again when it comes back. */
export function startScanner(options: ScannerOptions): Scanner {
  const { video, onText, onFault, onReady, open = openCamera } = options;
  const decoderReady = (options.decoder ?? createDecoder)();
  let camera: Camera | null = null;
  let isClosed = false;
  let isPaused = false;
  let isOpening = false;
  let frameCount = 0;
  let last = { text: "", at: 0 };

  async function begin(): Promise<void> {
    if (camera || isOpening || isClosed) return;
    isOpening = true;
    const opened = await open();
    isOpening = false;
    if ("fault" in opened) return isClosed ? undefined : onFault(opened.fault);
    if (isClosed || document.hidden) return opened.camera.close();
    camera = opened.camera;
    // A phone call or another app may take the camera away: open it again when the page is next in front.
    camera.stream.getVideoTracks()[0]?.addEventListener("ended", letGo);
    video.srcObject = camera.stream;
    await video.play().catch(() => undefined);
    onReady?.(scanner);
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
      if (!isPaused && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) await lookOnce(decoder);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_BETWEEN_FRAMES_MS));
    }
  }

  async function lookOnce(decoder: Decoder): Promise<void> {
    frameCount += 1;
    const lines = frameCount % FULL_EVERY === 0 ? video.videoHeight : Math.min(SMALL_LINES, video.videoHeight);
    // A frame that is just being replaced cannot be taken: the next one can.
    const frame = await createImageBitmap(video, { resizeHeight: lines, resizeQuality: "low" }).catch(() => null);
    const texts = frame ? await decoder.decode(frame).catch(() => []) : [];
    const text = texts[0];
    if (text === undefined || isPaused || isClosed) return;
    const now = performance.now();
    if (text === last.text && now - last.at < SAME_TEXT_AFTER_MS) return;
    last = { text, at: now };
    onText(text);
  }

  const whenVisibilityChanges = (): void => (document.hidden ? letGo() : void begin());

  const scanner: Scanner = {
    hasTorch: () => camera?.hasTorch ?? false,
    setTorch: async (isOn) => camera?.setTorch(isOn),
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
      last = { text: "", at: 0 };
    },
    close() {
      isClosed = true;
      document.removeEventListener("visibilitychange", whenVisibilityChanges);
      letGo();
      void decoderReady.then((decoder) => decoder.close());
    },
  };

  document.addEventListener("visibilitychange", whenVisibilityChanges);
  void begin();
  return scanner;
}
