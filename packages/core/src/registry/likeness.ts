import { isPlain } from "./text-check.js";

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

/** What each character of the two tables is read as in the end. */
const SHAPES = new Map(
  [...Object.entries(TWINS), ...Object.entries(LOOKS)].map(([char, twin]) => [char, LOOKS[twin] ?? twin]),
);

/**
 * Whether a word of a name has letters of several alphabets that share the look of some letters. No language writes
 * so, and no list of look-alikes is complete.
 */
export function mixesAlphabets(name: string): boolean {
  if (isPlain(name)) return false;
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
  let shape = "";
  for (const char of name.normalize("NFKD").toLowerCase()) shape += SHAPES.get(char) ?? char;
  return (isPlain(shape) ? shape.replace(/[^a-z0-9]/g, "") : shape.replace(/[^\p{L}\p{N}]/gu, ""))
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");
}

/** Whether one name may be taken for the other: the same likeness, or one slip apart when it is long enough. */
export function resembles(a: string, b: string): boolean {
  return looksLike(likeness(a), likeness(b));
}

/** {@link resembles} for what {@link likeness} gave. */
export function looksLike(a: string, b: string): boolean {
  return a === b || (Math.min(a.length, b.length) >= 5 && isOneSlip(a, b));
}

/** Whether two words are the same but for one letter too many, too few or wrong, or two swapped. */
function isOneSlip(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  if (Math.max(a.length, b.length) - shorter > 1) return false;
  let before = 0;
  while (before < shorter && a[before] === b[before]) before += 1;
  let behind = 0;
  while (behind < shorter - before && a[a.length - 1 - behind] === b[b.length - 1 - behind]) behind += 1;
  const [x, y] = [a.slice(before, a.length - behind), b.slice(before, b.length - behind)];
  return (x.length <= 1 && y.length <= 1) || (x.length === 2 && y === `${x[1]}${x[0]}`);
}
