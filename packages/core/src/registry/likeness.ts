import { distance } from "../nearest.js";

// Letters of other scripts that look like Latin ones, and digits and pairs that are read as letters.
const TWINS: Readonly<Record<string, string>> = {
  а: "a",
  в: "b",
  г: "r",
  е: "e",
  к: "k",
  м: "m",
  н: "h",
  о: "o",
  р: "p",
  с: "c",
  т: "t",
  у: "y",
  ү: "y",
  х: "x",
  һ: "h",
  ԛ: "q",
  ԝ: "w",
  ѕ: "s",
  і: "i",
  ј: "j",
  ԁ: "d",
  ӏ: "l",
  ո: "n",
  ս: "u",
  օ: "o",
  α: "a",
  ε: "e",
  γ: "y",
  η: "n",
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

const ALPHABETS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Georgian}/u,
  /\p{Script=Lisu}/u,
] as const;

/**
 * Whether a word of a name has letters of several alphabets that share the look of some letters. No language writes
 * so, and no list of look-alikes is complete.
 */
export function mixesAlphabets(name: string): boolean {
  return name
    .normalize("NFKD")
    .split(/[^\p{L}\p{M}]+/u)
    .some((word) => ALPHABETS.filter((alphabet) => alphabet.test(word)).length > 1);
}

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
