import { ALWAYS_MUTANTS } from "./always.js";
import { CHOICE_MUTANTS } from "./choices.js";
import { LATER_MUTANTS } from "./later.js";
import { LOGIN_MUTANTS } from "./login.js";
import type { Mutant } from "./mutant.js";

/** Broken providers: each is one of the good ones with a few lines changed. */
export const MUTANTS: readonly Mutant[] = [
  ...LOGIN_MUTANTS,
  ...CHOICE_MUTANTS,
  ...LATER_MUTANTS,
  ...ALWAYS_MUTANTS,
];
