/** Draw a QR code as one SVG path: sharp at every size, and allowed by the content security policy. */
import qrcode from "qrcode-generator";

export interface QrDrawing {
  /** Modules per side without the quiet zone: `4 · version + 17`. */
  size: number;
  /** `viewBox` of the svg, with the quiet zone of four modules that scanners need. */
  viewBox: string;
  /** `d` of one filled path, dark modules only; draw it on white. */
  path: string;
}

const QUIET_ZONE = 4;
/** Mode "alphanumeric" holds two characters in 11 bits: digits, capitals, space and `$%*+-./:`, as Base45 uses. */
const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]*$/;

/** Encode `text` at error correction level M; alphanumeric when its characters allow it, which is a third smaller. */
export function drawQr(text: string): QrDrawing {
  const code = qrcode(0, "M");
  code.addData(text, ALPHANUMERIC.test(text) ? "Alphanumeric" : "Byte");
  code.make();
  const size = code.getModuleCount();
  const rows = Array.from({ length: size }, (_, row) => rowPath(row, size, (column) => code.isDark(row, column)));
  const side = size + 2 * QUIET_ZONE;
  return { size, viewBox: `${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}`, path: rows.join("") };
}

/** Runs of dark modules as one rectangle each. */
function rowPath(row: number, size: number, isDark: (column: number) => boolean): string {
  let path = "";
  for (let column = 0; column < size; column += 1) {
    if (!isDark(column)) continue;
    const start = column;
    while (column < size && isDark(column)) column += 1;
    path += `M${start} ${row}h${column - start}v1h${start - column}z`;
  }
  return path;
}
