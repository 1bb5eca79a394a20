/** Scanning as a screen needs it. */
import { useRef } from "preact/hooks";
import type { Scanner } from "../lib/scanner";
import { type Filming, useCamera } from "./use-camera";

/** Scan as long as the screen stands. `onText` may change from one drawing to the next. */
export function useScanner(onText: (text: string) => void): Filming<Scanner> {
  const tell = useRef(onText);
  tell.current = onText;
  return useCamera(async () => {
    const { startScanner } = await import("../lib/scanner");
    return (video, told) => startScanner({ video, onText: (text) => tell.current(text), ...told });
  });
}
