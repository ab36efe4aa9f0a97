/** How text deviates from the unpadded standard base64 (RFC 4648 sections 3.2 and 4) of its bytes. */
export type Base64Form = "strict" | "padded" | "url-safe" | "sloppy";

const ANY_BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * Decodes base64 of either alphabet, padded or not, and tells how far it is from the one form that a
 * Meshery Server reads. `sloppy` has bits in its last character that encode nothing.
 *
 * @returns `undefined` when the text is no base64 at all.
 */
export function decodeBase64(text: string): { bytes: Uint8Array; form: Base64Form } | undefined {
  if (!ANY_BASE64.test(text)) return undefined;
  const digits = text.replace(/=+$/, "");
  if (digits.length % 4 === 1) return undefined;
  const padded = digits.length !== text.length;
  const standard = digits.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Buffer.from(standard, "base64");
  if (standard !== digits) return { bytes, form: "url-safe" };
  if (padded) return { bytes, form: "padded" };
  return { bytes, form: encodeBase64(bytes) === text ? "strict" : "sloppy" };
}

/** Unpadded standard base64. */
export function encodeBase64(bytes: Uint8Array | string): string {
  return Buffer.from(bytes as Uint8Array)
    .toString("base64")
    .replace(/=+$/, "");
}
