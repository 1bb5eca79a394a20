/**
 * A code whose place is known and whose text was not read: judge it module by module.
 *
 * A reader that finds the three finder patterns and then fails to correct the errors has told where the code lies and
 * how many modules it has. Sampling in the middle of each module, over the module's inner half, evens out noise;
 * comparing it with the modules around it, instead of with pixels, takes out blur, shade and a finger on a corner. The
 * result is drawn again as a perfect picture.
 */
import { type Grey, meanAround, type Pixels } from "./grey";

interface Point {
  x: number;
  y: number;
}

/** Where the outer corners of a code lie in the picture. */
export interface Corners {
  topLeft: Point;
  topRight: Point;
  bottomRight: Point;
  bottomLeft: Point;
}

/** How a module is told dark: pulled away from its neighbours' mean, then compared with the mean of a wider square. */
export interface Judgement {
  sharpness: number;
  /** Modules on each side. */
  reach: number;
}

const MAX_VERSION = 40;
/** Where a module is looked at, from its middle, in modules. */
const OFFSETS = [-0.2, 0, 0.2];
const QUIET_ZONE = 4;
const PIXELS_PER_MODULE = 3;

/** Modules on a side of a version as ZXing names it, or null for one that is not of an ordinary QR code. */
export function sizeOfVersion(version: string): number | null {
  const number = Number(version);
  return Number.isInteger(number) && number >= 1 && number <= MAX_VERSION ? 17 + 4 * number : null;
}

/**
 * The corners with the fourth put where the other three say, for codes that are not tilted.
 *
 * No finder pattern stands in that corner. A reader takes it from a small pattern nearby, and is led astray when that
 * one is covered or blurred.
 */
export function squared(corners: Corners): Corners {
  const { topLeft, topRight, bottomLeft } = corners;
  const bottomRight = { x: topRight.x + bottomLeft.x - topLeft.x, y: topRight.y + bottomLeft.y - topLeft.y };
  return { ...corners, bottomRight };
}

/** The brightness of each module, `size` rows of `size`. */
export function sampleModules(picture: Grey, corners: Corners, size: number): Grey {
  const place = projection(corners, size);
  const values = new Float32Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      let sum = 0;
      for (const down of OFFSETS) {
        for (const right of OFFSETS) sum += brightnessAt(picture, place(column + 0.5 + right, row + 0.5 + down));
      }
      values[row * size + column] = sum / OFFSETS.length ** 2;
    }
  }
  return { values, width: size, height: size };
}

/** Map module coordinates onto the picture. Source: Heckbert, "Fundamentals of Texture Mapping", 1989, square to quad. */
function projection({ topLeft, topRight, bottomRight, bottomLeft }: Corners, size: number): (x: number, y: number) => Point {
  const [right, down] = [minus(topRight, bottomRight), minus(bottomLeft, bottomRight)];
  const skew = minus(minus(topLeft, topRight), minus(bottomLeft, bottomRight));
  const area = right.x * down.y - down.x * right.y;
  const alongX = (skew.x * down.y - down.x * skew.y) / area;
  const alongY = (right.x * skew.y - skew.x * right.y) / area;
  const pull = (corner: Point, weight: number): Point => {
    const way = minus(corner, topLeft);
    return { x: way.x + weight * corner.x, y: way.y + weight * corner.y };
  };
  const [stepX, stepY] = [pull(topRight, alongX), pull(bottomLeft, alongY)];
  return (x, y) => {
    const [u, v] = [x / size, y / size];
    const nearness = alongX * u + alongY * v + 1;
    return {
      x: (stepX.x * u + stepY.x * v + topLeft.x) / nearness,
      y: (stepX.y * u + stepY.y * v + topLeft.y) / nearness,
    };
  };
}

function minus(one: Point, other: Point): Point {
  return { x: one.x - other.x, y: one.y - other.y };
}

/** Between the four nearest pixels; the edge goes on outside. */
function brightnessAt({ values, width, height }: Grey, { x, y }: Point): number {
  const left = Math.min(width - 2, Math.max(0, Math.floor(x - 0.5)));
  const top = Math.min(height - 2, Math.max(0, Math.floor(y - 0.5)));
  const right = Math.min(1, Math.max(0, x - 0.5 - left));
  const down = Math.min(1, Math.max(0, y - 0.5 - top));
  const at = top * width + left;
  const above = values[at]! * (1 - right) + values[at + 1]! * right;
  const below = values[at + width]! * (1 - right) + values[at + width + 1]! * right;
  return above * (1 - down) + below * down;
}

/** Draw the modules in black and white, with a quiet zone. */
export function drawModules(modules: Grey, { sharpness, reach }: Judgement): Pixels {
  const near = meanAround(modules, 1);
  const values = modules.values.map((value, at) => value + sharpness * (value - near[at]!));
  const means = meanAround({ ...modules, values }, reach);
  const size = modules.width;
  const side = (size + 2 * QUIET_ZONE) * PIXELS_PER_MODULE;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let at = 0; at < values.length; at += 1) {
    if (values[at]! >= means[at]!) continue;
    const left = (QUIET_ZONE + (at % size)) * PIXELS_PER_MODULE;
    const top = (QUIET_ZONE + Math.floor(at / size)) * PIXELS_PER_MODULE;
    for (let row = top; row < top + PIXELS_PER_MODULE; row += 1) {
      for (let column = left; column < left + PIXELS_PER_MODULE; column += 1) data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
    }
  }
  return { data, width: side, height: side };
}
