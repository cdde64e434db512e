// A QR code as the outline of its dark squares: drawn by the screen itself, nothing is loaded for it.

import { encode } from "uqr";

/** The light frame that readers need, in squares (ISO/IEC 18004, section 9.1). */
const FRAME = 4;

export interface Qr {
  /** Squares on a side, the frame included. */
  size: number;
  /** For `d` of an SVG path, in squares. */
  path: string;
}

export function qrOf(text: string): Qr {
  const { size, data } = encode(text, { ecc: "M", border: FRAME });
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { size, path: squares.join("") };
}
