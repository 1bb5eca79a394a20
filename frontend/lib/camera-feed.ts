/**
 * The camera's picture in a page. DOM: it fills one `<video>`.
 *
 * The camera is let go of while the page is hidden, and opened again when it comes back or when something else took it.
 */
import type { Camera, CameraFault, OpenedCamera } from "./camera";

export interface CameraFeed {
  /** The camera whose picture is in the page; null while there is none. */
  camera(): Camera | null;
  /** Let go of the camera, for good. */
  close(): void;
}

/** Who is told what became of the camera. */
export interface FeedListener {
  /** There is no picture, and why; the screen then offers another way. */
  onFault: (fault: CameraFault) => void;
  /** The picture runs; again, with another camera, after the page was hidden. */
  onReady: (camera: Camera) => void;
}

export interface FeedOptions extends FeedListener {
  /** Muted, `playsinline`; the feed sets its stream. */
  video: HTMLVideoElement;
  open: () => Promise<OpenedCamera>;
}

/** Fill the video at once. */
export function startFeed({ video, open, onReady, onFault }: FeedOptions): CameraFeed {
  let camera: Camera | null = null;
  let isClosed = false;
  let isOpening = false;

  async function begin(): Promise<void> {
    if (camera || isOpening || isClosed) return;
    isOpening = true;
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
    if (camera === opened.camera) onReady(camera);
  }

  function letGo(): void {
    camera?.close();
    camera = null;
    video.srcObject = null;
  }

  const whenVisibilityChanges = (): void => (document.hidden ? letGo() : void begin());

  document.addEventListener("visibilitychange", whenVisibilityChanges);
  void begin();
  return {
    camera: () => camera,
    close() {
      isClosed = true;
      document.removeEventListener("visibilitychange", whenVisibilityChanges);
      letGo();
    },
  };
}
