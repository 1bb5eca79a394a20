/** Making a camera's picture small enough for a basement's connection. DOM: draws on a canvas that nobody sees. */
import type { FrameSize } from "../lib/camera";

const LONGEST_SIDE_PX = 1_600;
const JPEG_QUALITY = 0.85;

/** What the camera is asked for: as many pixels as are sent, in the shape that phones photograph in. */
export const PHOTO_SIZE: FrameSize = { width: LONGEST_SIDE_PX, height: 1_200 };

/** Width and height that fit into the longest side allowed; never larger than the picture itself. */
export function fittedSize(width: number, height: number, longest = LONGEST_SIDE_PX): FrameSize {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The picture as a JPEG of at most 1600 px, upright; null when the file is no picture that this phone can read. */
export async function downscale(file: Blob): Promise<Blob | null> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
  const photo = drawn(picture, picture.width, picture.height);
  picture.close();
  return photo;
}

/** What a camera's video shows at this moment, as such a JPEG; null while it shows nothing. */
export async function frameOf(video: HTMLVideoElement): Promise<Blob | null> {
  const isShown = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0;
  return isShown ? drawn(video, video.videoWidth, video.videoHeight) : null;
}

function drawn(picture: CanvasImageSource, width: number, height: number): Promise<Blob | null> {
  const size = fittedSize(width, height);
  const canvas = Object.assign(document.createElement("canvas"), size);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, size.width, size.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", JPEG_QUALITY));
}
