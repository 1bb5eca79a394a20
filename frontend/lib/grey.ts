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

/** The mean of the square of `2 · radius + 1` around each value; at an edge, of the part of it that is inside. */
export function meanAround({ values, width, height }: Grey, radius: number): Float32Array {
  const means = new Float32Array(values.length);
  const columns = new Float32Array(width);
  const addRow = (row: number, factor: number): void => {
    if (row < 0 || row >= height) return;
    for (let column = 0; column < width; column += 1) columns[column]! += factor * values[row * width + column]!;
  };
  // Sums of the columns move down row by row, and a sum of those moves along each row: a few additions per value.
  for (let row = 0; row < radius; row += 1) addRow(row, 1);
  for (let row = 0; row < height; row += 1) {
    addRow(row + radius, 1);
    addRow(row - radius - 1, -1);
    const rows = Math.min(height - 1, row + radius) - Math.max(0, row - radius) + 1;
    let sum = 0;
    for (let column = 0; column < Math.min(radius, width); column += 1) sum += columns[column]!;
    for (let column = 0; column < width; column += 1) {
      if (column + radius < width) sum += columns[column + radius]!;
      if (column > radius) sum -= columns[column - radius - 1]!;
      const across = Math.min(width - 1, column + radius) - Math.max(0, column - radius) + 1;
      means[row * width + column] = sum / (rows * across);
    }
  }
  return means;
}

/** Make edges steeper, in place and in grey: each pixel goes away from the mean around it, `strength` times its distance. */
export function sharpen(pixels: Pixels, radius: number, strength: number): void {
  const grey = greyOf(pixels);
  const means = meanAround(grey, radius);
  const { data } = pixels;
  for (let at = 0, to = 0; at < means.length; at += 1, to += 4) {
    const value = grey.values[at]!;
    // The array cuts what is below 0 or above 255.
    data[to] = data[to + 1] = data[to + 2] = value + strength * (value - means[at]!);
  }
}
