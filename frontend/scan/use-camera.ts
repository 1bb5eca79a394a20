/** The camera as a screen needs it: a `<video>` to fill, what state it is in, and the camera's switches. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Camera, CameraFault } from "../lib/camera";
import type { FeedListener } from "../lib/camera-feed";

export interface Filming<Filler> {
  video: RefObject<HTMLVideoElement | null>;
  /** `opening` while the browser asks and the camera wakes up; a fault when there is no picture. */
  status: "opening" | "running" | CameraFault;
  /** Set while the picture runs. */
  camera: Camera | null;
  /** What fills the video. Null inside until it is loaded. */
  filler: RefObject<Filler | null>;
  /** Ask for the camera once more: it may be allowed by now, or let go of by another app. */
  retry: () => void;
}

/** Starts to fill a video, and tells the screen what became of the camera. */
type Fill<Filler> = (video: HTMLVideoElement, told: FeedListener) => Filler;

const OPENING = { status: "opening", camera: null } as const;

/** Fill the video as long as the screen stands, with what `load` brings. */
export function useCamera<Filler extends { close(): void }>(load: () => Promise<Fill<Filler>>): Filming<Filler> {
  const video = useRef<HTMLVideoElement>(null);
  const filler = useRef<Filler | null>(null);
  const [{ status, camera }, setState] = useState<Pick<Filming<Filler>, "status" | "camera">>(OPENING);
  const [attempt, setAttempt] = useState(1);

  useEffect(() => {
    setState(OPENING);
    let isGone = false;
    const onFault = (fault: CameraFault): void => setState({ status: fault, camera: null });
    const begin = async (): Promise<void> => {
      const fill = await load();
      if (isGone) return;
      filler.current = fill(video.current!, { onFault, onReady: (ready) => setState({ status: "running", camera: ready }) });
    };
    // Not loaded and no signal: the way on is the same as without a camera.
    begin().catch(() => onFault("camera_missing"));
    return () => {
      isGone = true;
      filler.current?.close();
    };
  }, [attempt]);

  return { video, filler, status, camera, retry: () => setAttempt(attempt + 1) };
}
