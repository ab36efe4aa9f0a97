import { encode, renderUnicodeCompact } from "uqr";

/** What the largest code can hold, in bytes: ISO/IEC 18004, version 40 with the level of correction L. */
const MOST = 2_953;

/** A scanner needs a margin to find the code. */
const BORDER = 2;

type QrCode =
  | { readonly kind: "code"; readonly lines: readonly string[] }
  /** The terminal, or any code, is too small for it; `reason` is a sentence. */
  | { readonly kind: "small"; readonly reason: string };

/**
 * A QR code of a link, two modules to a character.
 *
 * @param size - Of the terminal.
 * @param below - How many lines stay on the screen below the code.
 */
export function qrCode(link: string, size: { columns: number; rows: number }, below: number): QrCode {
  if (Buffer.byteLength(link) > MOST) {
    return { kind: "small", reason: "The link is too long for a QR code." };
  }
  const { size: modules } = encode(link, { border: BORDER });
  const rows = Math.ceil(modules / 2);
  if (modules > size.columns - 1 || rows + below > size.rows) {
    return {
      kind: "small",
      reason: `The QR code needs ${modules + 1} columns and ${rows + below} rows; this terminal has ${size.columns} and ${size.rows}.`,
    };
  }
  return { kind: "code", lines: renderUnicodeCompact(link, { border: BORDER }).split("\n") };
}
