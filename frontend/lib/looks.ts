/**
 * How the scanner looks at the camera's pictures: several ways in turn, because each finds codes that others miss.
 *
 * Measured on pictures of real codes, see `docs/decisions/`: the whole picture made small is the quickest look and sees
 * a code that is near or beside the middle; the middle at full sharpness sees one that is small or far; the sharpened
 * middle sees one that is out of focus.
 */

export interface Look {
  part: "whole" | "middle";
  /** For pictures out of focus. */
  isSharpened: boolean;
}

/** The order in which they are taken, round and round. */
export const LOOKS: readonly Look[] = [
  { part: "whole", isSharpened: false },
  { part: "middle", isSharpened: false },
  { part: "whole", isSharpened: false },
  { part: "middle", isSharpened: true },
];

/** The shorter side of a whole picture, in pixels; a phone held upright has its shorter side across. */
const SMALL_SIDE = 480;
/** The side of the middle, in pixels of the camera: what a 720p picture is high. */
const MIDDLE_SIDE = 720;

interface Size {
  width: number;
  height: number;
}

/** What to cut out of a picture, and how large to make it. */
export interface Cut extends Size {
  left: number;
  top: number;
  resizeWidth: number;
  resizeHeight: number;
}

/** Where a look goes in a picture of this size. Pictures are never made larger. */
export function cutOf({ part }: Look, { width, height }: Size): Cut {
  if (part === "middle") {
    const side = Math.min(width, height, MIDDLE_SIDE);
    const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
    return { left, top, width: side, height: side, resizeWidth: side, resizeHeight: side };
  }
  const scale = Math.min(1, SMALL_SIDE / Math.min(width, height));
  return { left: 0, top: 0, width, height, resizeWidth: Math.round(width * scale), resizeHeight: Math.round(height * scale) };
}

/** Take a look at a video or a picture. Rejects when a video has no picture just now. */
export function takeLook(source: HTMLVideoElement | ImageBitmap, look: Look): Promise<ImageBitmap> {
  const size = "videoWidth" in source ? { width: source.videoWidth, height: source.videoHeight } : source;
  const { left, top, width, height, resizeWidth, resizeHeight } = cutOf(look, size);
  return createImageBitmap(source, left, top, width, height, { resizeWidth, resizeHeight, resizeQuality: "low" });
}
