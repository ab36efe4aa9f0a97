import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { sha256 } from "../src/sha256.js";

const known = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");

test("every length of the last block has the digest that node:crypto gives it", () => {
  for (let length = 0; length <= 200; length++) {
    const bytes = randomBytes(length);
    expect([length, sha256(bytes)]).toEqual([length, known(bytes)]);
  }
});

test("a large file has the digest that node:crypto gives it", () => {
  const bytes = randomBytes(1024 * 1024 + 1);
  expect(sha256(bytes)).toBe(known(bytes));
});

test("a text is hashed as UTF-8, and the bytes of a part of a buffer alone", () => {
  expect(sha256("/tmp/ä/😀/auth.json")).toBe(known("/tmp/ä/😀/auth.json"));
  const part = randomBytes(300).subarray(7, 130);
  expect(sha256(part)).toBe(known(part));
});
