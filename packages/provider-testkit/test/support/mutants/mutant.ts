import type { Edit, Flavour } from "../fixture.js";

/** A provider with one defect, and the case that has to catch it. */
export interface Mutant {
  readonly name: string;
  readonly flavour: Flavour;
  readonly edits: readonly Edit[];
  /** One case; two where the defect shows in both ways that are meant by it. */
  readonly caughtBy: readonly string[];
}

/** A change of a fixture's module. */
export type Change = readonly [from: string, to: string];

const MODULES: Readonly<Record<Flavour, string>> = {
  browser: "index.js",
  token: "index.js",
  file: "index.cjs",
};

/** @param file - What is changed; default: the module. */
export function mutant(
  flavour: Flavour,
  caughtBy: string,
  name: string,
  [from, to]: Change,
  file: string = MODULES[flavour],
): Mutant {
  return { name, flavour, caughtBy: caughtBy.split(" "), edits: [{ file, from, to }] };
}

/** The same text with something before it. */
export const before = (text: string, line: string): Change => [text, `${line}\n${text}`];
