/** Grey pictures: brightness as numbers, averages around each of them, and sharper edges. */

export interface Grey {
  /** Brightness, row by row; 0 is black. */
  values: Float32Array;
  width: number;
  height: number;
}

/** As much of an `ImageData` as is needed here. */
export interface Pixels {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** Brightness of each pixel, 0–255, weighted as the eye does (ITU-R BT.601). */
export function greyOf({ data, width, height }: Pixels): Grey {
  const values = new Float32Array(width * height);
  for (let at = 0, from = 0; at < values.length; at += 1, from += 4) {
    values[at] = 0.299 * data[from]! + 0.587 * data[from + 1]! + 0.114 * data[from + 2]!;
  }
  return { values, width, height };
}

/** The mean of the square of `2 · radius + 1` around each value; the edge goes on outside. Two passes of running sums. */
export function meanAround({ values, width, height }: Grey, radius: number): Float32Array {
  const alongRows = new Float32Array(values.length);
  for (let row = 0; row < height; row += 1) runningMean(values, alongRows, row * width, 1, width, radius);
  const means = new Float32Array(values.length);
  for (let column = 0; column < width; column += 1) runningMean(alongRows, means, column, width, height, radius);
  return means;
}

function runningMean(from: Float32Array, to: Float32Array, start: number, step: number, count: number, radius: number): void {
  const at = (index: number): number => from[start + step * Math.min(count - 1, Math.max(0, index))]!;
  let sum = 0;
  for (let index = -radius; index <= radius; index += 1) sum += at(index);
  for (let index = 0; index < count; index += 1) {
    to[start + step * index] = sum / (2 * radius + 1);
    sum += at(index + radius + 1) - at(index - radius);
  }
}

/** Make edges steeper, in place and in grey: each pixel goes away from the mean around it, `strength` times its distance. */
export function sharpen(pixels: Pixels, radius: number, strength: number): void {
  const grey = greyOf(pixels);
  const means = meanAround(grey, radius);
  for (let at = 0, to = 0; at < means.length; at += 1, to += 4) {
    const value = grey.values[at]!;
    // The array cuts what is below 0 or above 255.
    pixels.data.fill(value + strength * (value - means[at]!), to, to + 3);
  }
}
