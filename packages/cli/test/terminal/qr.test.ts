import { expect, test } from "vitest";
import { qrCode } from "../../src/terminal/qr.js";

const size = { columns: 1_000, rows: 1_000 };
const link = (bytes: number) => `https://a.example/${"x".repeat(bytes - 18)}`;

test("a link of which no code can be made is no reason to fail", () => {
  expect(qrCode(link(2_953), size, 1).kind).toBe("code");
  expect(qrCode(link(2_954), size, 1)).toEqual({
    kind: "small",
    reason: "The link is too long for a QR code.",
  });
});
