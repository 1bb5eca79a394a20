// The page of tests/reading_page.mjs with two other readers on the same pictures.
//
// Each peer gets the sizes at which it does best: qr-scanner the region it watches in a video and the whole picture, jsQR the
// whole picture small and whole.
import jsqr from "jsqr";
import QrScanner from "qr-scanner";
import { readers } from "../../tests/reading_page.mjs";

const SMALL_HEIGHT = 480;
// As qr-scanner's own default for videos: a square of two thirds of the shorter side, drawn at 400 pixels.
const REGION_SHARE = 2 / 3;
const REGION_SIDE = 400;

const engine = QrScanner.createQrEngine();

function videoRegion({ width, height }) {
  const side = Math.round(Math.min(width, height) * REGION_SHARE);
  return {
    x: Math.round((width - side) / 2),
    y: Math.round((height - side) / 2),
    width: side,
    height: side,
    downScaledWidth: REGION_SIDE,
    downScaledHeight: REGION_SIDE,
  };
}

readers["qr-scanner"] = async (picture) => {
  const qrEngine = await engine;
  for (const scanRegion of [videoRegion(picture), null]) {
    try {
      return [(await QrScanner.scanImage(picture, { qrEngine, scanRegion, returnDetailedScanResult: true })).data];
    } catch (reason) {
      if (reason !== QrScanner.NO_QR_CODE_FOUND) throw reason;
    }
  }
  return [];
};

readers.jsqr = async (picture) => {
  for (const height of [SMALL_HEIGHT, picture.height]) {
    const width = Math.round((picture.width * height) / picture.height);
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    context.drawImage(picture, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    const found = jsqr(data, width, height, { inversionAttempts: "dontInvert" });
    if (found) return [found.data];
  }
  return [];
};
