/** Making a camera picture small enough for a basement's connection. DOM: draws on a canvas that nobody sees. */

const LONGEST_SIDE_PX = 1_600;
const JPEG_QUALITY = 0.85;

/** Width and height that fit into the longest side allowed; never larger than the picture itself. */
export function fittedSize(width: number, height: number, longest = LONGEST_SIDE_PX): { width: number; height: number } {
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
  const size = fittedSize(picture.width, picture.height);
  const canvas = Object.assign(document.createElement("canvas"), size);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, size.width, size.height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", JPEG_QUALITY));
}
