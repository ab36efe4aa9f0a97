import { printable } from "../text.js";
import type { Candidate, PluginProblem } from "./types.js";

/** What would mend a problem. */
export type Remedy = "uninstall" | "update" | "upgrade" | "build";

/** Ends the reading of a package with a reason for people. */
export class Refusal extends Error {
  readonly remedy: Remedy;
  /** See {@link PluginProblem.names}. */
  readonly names: readonly string[];

  /** @param reason - A sentence, printable. */
  constructor(reason: string, remedy: Remedy = "uninstall", names: readonly string[] = []) {
    super(reason);
    this.remedy = remedy;
    this.names = names;
  }
}

const UPGRADE = "npm install --global @meshauth/cli@latest";

/** The command that mends a problem of a package. */
export function nextFor({ name, origin }: Pick<Candidate, "name" | "origin">, remedy: Remedy): string {
  if (origin === "built-in" || remedy === "upgrade") return UPGRADE;
  if (origin === "link" && remedy === "build") return "npm run build";
  // A linked folder is not the program's to update.
  const command = remedy === "update" && origin === "user" ? "update" : "uninstall";
  // A name that npm would not take comes from a damaged list, and may be code to a shell.
  return PACKAGE_NAME.test(name) ? `meshauth plugins ${command} ${name}` : "meshauth plugins reset";
}

/** What npm takes as the name of a new package. */
export const PACKAGE_NAME: RegExp = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]{0,213}$/;

/** What is reported of a package whose reading ended in an error. */
export function problemOf(candidate: Candidate, error: unknown): PluginProblem {
  const refusal = error instanceof Refusal ? error : undefined;
  return {
    package: printable(candidate.name),
    origin: candidate.origin,
    reason: refusal?.message ?? "Its files cannot be read.",
    next: nextFor(candidate, refusal?.remedy ?? "uninstall"),
    ...(refusal === undefined || refusal.names.length === 0 ? {} : { names: refusal.names }),
  };
}
