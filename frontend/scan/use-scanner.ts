/** The scanner as a screen needs it: a `<video>` to fill, what state it is in, and the camera's switches. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Camera, CameraFault } from "../lib/camera";
import type { Scanner } from "../lib/scanner";

export interface Scanning {
  video: RefObject<HTMLVideoElement | null>;
  /** `opening` while the browser asks and the camera wakes up; a fault when there is no picture. */
  status: "opening" | "running" | CameraFault;
  /** Set while the picture runs. */
  camera: Camera | null;
  /** Null inside until the scanner is loaded. */
  scanner: RefObject<Scanner | null>;
  /** Ask for the camera once more: it may be allowed by now, or let go of by another app. */
  retry: () => void;
}

const OPENING = { status: "opening", camera: null } as const;

/** Scan as long as the screen stands. `onText` may change from one drawing to the next. */
export function useScanner(onText: (text: string) => void): Scanning {
  const video = useRef<HTMLVideoElement>(null);
  const scanner = useRef<Scanner | null>(null);
  const tell = useRef(onText);
  tell.current = onText;
  const [{ status, camera }, setState] = useState<Pick<Scanning, "status" | "camera">>(OPENING);
  const [attempt, setAttempt] = useState(1);

  useEffect(() => {
    setState(OPENING);
    let isGone = false;
    const fail = (fault: CameraFault): void => setState({ status: fault, camera: null });
    const begin = async (): Promise<void> => {
      const { startScanner } = await import("../lib/scanner");
      if (isGone) return;
      scanner.current = startScanner({
        video: video.current!,
        onText: (text) => tell.current(text),
        onFault: fail,
        onReady: (ready) => setState({ status: "running", camera: ready }),
      });
    };
    // Not loaded and no signal: typing is the way on, as without a camera.
    begin().catch(() => fail("camera_missing"));
    return () => {
      isGone = true;
      scanner.current?.close();
    };
  }, [attempt]);

  return { video, scanner, status, camera, retry: () => setAttempt(attempt + 1) };
}
