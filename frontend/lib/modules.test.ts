import assert from "node:assert/strict";
import { test } from "node:test";
import qrcode from "qrcode-generator";
import { type Grey, greyOf, meanAround, sharpen } from "./grey";
import { type Corners, drawModules, sampleModules, sizeOfVersion, squared } from "./modules";

const TEXT = "MP1:IC2Z10180U$A100KB0*M0DY0441APKT K33LXAL000/HOS40W50E3S0000001006D0";
const BOX = 6;

function codeOf(text: string): { size: number; isDark: (row: number, column: number) => boolean } {
  const code = qrcode(0, "M");
  code.addData(text, "Alphanumeric");
  code.make();
  return { size: code.getModuleCount(), isDark: (row, column) => code.isDark(row, column) };
}

/** A picture of the code whose corners lie at `corners`; each pixel is asked which module it shows. */
function picture(side: number, moduleAt: (x: number, y: number) => [column: number, row: number], light = 200, black = 20): Grey {
  const { size, isDark } = codeOf(TEXT);
  const values = new Float32Array(side * side);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const [column, row] = moduleAt(x + 0.5, y + 0.5).map(Math.floor) as [number, number];
      const isInside = row >= 0 && column >= 0 && row < size && column < size;
      values[y * side + x] = isInside && isDark(row, column) ? black : light;
    }
  }
  return { values, width: side, height: side };
}

/** The drawn modules that differ from the code's. */
function wrongIn(modules: Grey, sharpness: number, reach: number): number {
  const { size, isDark } = codeOf(TEXT);
  const drawn = drawModules(modules, { sharpness, reach });
  assert.equal(drawn.width, (size + 8) * 3);
  let wrong = 0;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const at = (((row + 4) * 3 + 1) * drawn.width + (column + 4) * 3 + 1) * 4;
      wrong += Number(drawn.data[at] === 0) === Number(isDark(row, column)) ? 0 : 1;
    }
  }
  return wrong;
}

const straight = (size: number): Corners => ({
  topLeft: { x: 30, y: 30 },
  topRight: { x: 30 + size * BOX, y: 30 },
  bottomRight: { x: 30 + size * BOX, y: 30 + size * BOX },
  bottomLeft: { x: 30, y: 30 + size * BOX },
});

test("every module of a straight code is sampled where it lies", () => {
  const { size } = codeOf(TEXT);
  const seen = picture(size * BOX + 60, (x, y) => [(x - 30) / BOX, (y - 30) / BOX]);

  assert.equal(wrongIn(sampleModules(seen, straight(size), size), 0, 3), 0);
});

test("a code in perspective is sampled through its four corners", () => {
  const { size } = codeOf(TEXT);
  const depth = 0.0012; // The lower edge is farther away.
  const seen = picture(420, (x, y) => {
    const nearness = 1 - depth * y;
    return [((x - 210) / nearness + 150) / BOX, (y / nearness - 20) / BOX];
  });
  const at = (column: number, row: number) => {
    const down = row * BOX + 20;
    const y = down / (1 + depth * down);
    return { x: 210 + (column * BOX - 150) * (1 - depth * y), y };
  };
  const corners = { topLeft: at(0, 0), topRight: at(size, 0), bottomRight: at(size, size), bottomLeft: at(0, size) };

  assert.equal(wrongIn(sampleModules(seen, corners, size), 0, 3), 0);
  assert.ok(wrongIn(sampleModules(seen, squared(corners), size), 0, 3) > size);
});

test("blur that hides single modules from a plain threshold is taken out", () => {
  const { size } = codeOf(TEXT);
  const sharp = picture(size * BOX + 60, (x, y) => [(x - 30) / BOX, (y - 30) / BOX]);
  const blurred = { ...sharp, values: meanAround({ ...sharp, values: meanAround(sharp, 4) }, 3) };
  const modules = sampleModules(blurred, straight(size), size);

  assert.ok(wrongIn(modules, 1, 7) < wrongIn(modules, 0, 7) / 2);
});

test("a shade across the code does not matter", () => {
  const { size } = codeOf(TEXT);
  const seen = picture(size * BOX + 60, (x, y) => [(x - 30) / BOX, (y - 30) / BOX]);
  for (let at = 0; at < seen.values.length; at += 1) seen.values[at]! *= 0.15 + 0.85 * ((at % seen.width) / seen.width);

  assert.equal(wrongIn(sampleModules(seen, straight(size), size), 0, 3), 0);
});

test("only ordinary versions have a size", () => {
  assert.equal(sizeOfVersion("1"), 21);
  assert.equal(sizeOfVersion("40"), 177);
  for (const version of ["", "0", "41", "M2", "R7x43", "1.5"]) assert.equal(sizeOfVersion(version), null, version);
});

test("a mean is of what is inside the picture", () => {
  const grey: Grey = { values: new Float32Array([0, 3, 6, 9, 12, 15]), width: 3, height: 2 };
  assert.deepEqual([...meanAround(grey, 0)], [0, 3, 6, 9, 12, 15]);
  assert.deepEqual([...meanAround(grey, 1)], [6, 7.5, 9, 6, 7.5, 9]);
  assert.deepEqual([...meanAround(grey, 5)], Array(6).fill(7.5));
});

test("a mean is right everywhere in a larger picture", () => {
  const [width, height, radius] = [9, 7, 2];
  const grey: Grey = { values: Float32Array.from({ length: width * height }, (_, at) => (at * 37) % 101), width, height };
  const means = meanAround(grey, radius);
  for (let at = 0; at < means.length; at += 1) {
    const near = [...grey.values.keys()].filter(
      (other) => Math.abs((other % width) - (at % width)) <= radius && Math.abs(Math.floor(other / width) - Math.floor(at / width)) <= radius,
    );
    const mean = near.reduce((sum, other) => sum + grey.values[other]!, 0) / near.length;
    assert.ok(Math.abs(means[at]! - mean) < 0.001, String(at));
  }
});

test("sharpening steepens an edge and leaves a plain alone", () => {
  const row = [100, 100, 100, 100, 140, 140, 140, 140];
  const data = new Uint8ClampedArray(row.flatMap((value) => [value, value, value, 255]));
  const pixels = { data, width: 8, height: 1 };

  sharpen(pixels, 1, 2);

  assert.deepEqual([...greyOf(pixels).values].map(Math.round), [100, 100, 100, 73, 167, 140, 140, 140]);
  assert.ok(pixels.data.filter((_, at) => at % 4 === 3).every((alpha) => alpha === 255));
});
