import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import { drawQr } from "./qr";

const VERSION_7 = 45;
/** `MP1:` and 107 bytes in Base45: a release of one delivery. */
const RELEASE = `MP1:${"%69 VDK2E:3EF.C".repeat(11).slice(0, 161)}`;

/** Paint the runs of a drawing, four pixels to the module, with its quiet zone. */
function paint(drawing: { size: number; path: string }): ImageData {
  const [scale, quiet] = [4, 4];
  const side = (drawing.size + 2 * quiet) * scale;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, width] of drawing.path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let row = 0; row < scale; row += 1) {
      const start = ((Number(y) + quiet) * scale + row) * side + (Number(x) + quiet) * scale;
      for (let pixel = start; pixel < start + Number(width) * scale; pixel += 1) data.fill(0, pixel * 4, pixel * 4 + 3);
    }
  }
  return { data, width: side, height: side, colorSpace: "srgb" } as ImageData;
}

test("a release for one delivery fits version 7, as only alphanumeric mode can", () => {
  assert.equal(drawQr(RELEASE).size, VERSION_7);
  assert.ok(drawQr(RELEASE.toLowerCase()).size > VERSION_7);
});

test("what is drawn is read back by another library", async () => {
  prepareZXingModule({ overrides: { wasmBinary: readFileSync(ZXING_WASM_URL).buffer as ArrayBuffer } });

  const [code] = await readBarcodes(paint(drawQr(RELEASE)), { formats: ["QRCode"] });

  assert.equal(code?.text, RELEASE);
  assert.equal(code?.ecLevel, "M");
});

test("the drawing keeps four modules of quiet around it", () => {
  assert.equal(drawQr(RELEASE).viewBox, "-4 -4 53 53");
});
