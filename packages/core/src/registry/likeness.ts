import { distance } from "../nearest.js";

// Letters of other scripts that look like Latin ones, and digits and pairs that are read as letters.
const TWINS: Readonly<Record<string, string>> = {
  а: "a",
  в: "b",
  е: "e",
  к: "k",
  м: "m",
  н: "h",
  о: "o",
  р: "p",
  с: "c",
  т: "t",
  у: "y",
  х: "x",
  ѕ: "s",
  і: "i",
  ј: "j",
  ԁ: "d",
  ӏ: "l",
  ո: "n",
  α: "a",
  ε: "e",
  ι: "i",
  κ: "k",
  ν: "v",
  ο: "o",
  ρ: "p",
  τ: "t",
  υ: "u",
  χ: "x",
  ı: "i",
  ł: "l",
  ø: "o",
  đ: "d",
};
const LOOKS: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "l",
  i: "l",
  "|": "l",
  "5": "s",
  "3": "e",
  "4": "a",
  "7": "t",
  "8": "b",
};

/**
 * What a name looks like: two names with the same likeness may be taken for each other. Case, accents,
 * separators and look-alike characters do not count.
 */
export function likeness(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/./gsu, (char) => TWINS[char] ?? char)
    .replace(/./gsu, (char) => LOOKS[char] ?? char)
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");
}

/** Whether one name may be taken for the other: the same likeness, or one slip apart when it is long enough. */
export function resembles(a: string, b: string): boolean {
  const [x, y] = [likeness(a), likeness(b)];
  return x === y || (Math.min(x.length, y.length) >= 5 && distance(x, y) <= 1);
}
