import { MeshauthError } from "@meshauth/core";
import { shellWord } from "@meshauth/provider-api";
import { asTyped } from "../as-typed.js";
import { BaseCommand } from "../base.js";
import { OUTPUT_FLAGS } from "./typed.js";

/** A command of mesheryctl's that edits what meshauth does not: known, and left to mesheryctl. */
export abstract class LeftToMesheryctl extends BaseCommand<never> {
  static override description =
    "meshauth does not edit the token entries of config.yaml on request. The command ends with exit code 2, and says what to run instead.";
  static override hidden = true;
  static override strict = false;

  override async run(): Promise<never> {
    // Whatever was typed: it is for mesheryctl to understand.
    throw leftToMesheryctl(asTyped(this.id ?? ""), this.argv);
  }

  /** Nothing is ever rendered. */
  protected override render(): void {}
}

/**
 * @param command - As it is typed after `mesheryctl`.
 * @param argv - What was typed behind it.
 */
function leftToMesheryctl(command: string, argv: readonly string[]): MeshauthError {
  const words = argv.filter((word) => !OUTPUT_FLAGS.includes(word)).map(word);
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: `meshauth does not ${command.split(" ").at(-1)} token entries.`,
    why: "They are lines of config.yaml, which is mesheryctl's own; meshauth adds one where a login needs it.",
    next: [["mesheryctl", command, ...words].join(" "), "meshauth login --own-file"],
  });
}

/** Flags stay as they are. */
function word(text: string): string {
  return /^--?[\w-]+$/.test(text) ? text : shellWord(text);
}
