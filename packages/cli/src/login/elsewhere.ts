import { MeshauthError } from "@meshauth/core";
import { shellWord } from "@meshauth/provider-api";

/**
 * The refusal of a command of mesheryctl's that edits what meshauth does not.
 *
 * @param command - As it is typed after `mesheryctl`.
 * @param argv - What was typed behind it.
 */
export function leftToMesheryctl(command: string, argv: readonly string[]): MeshauthError {
  const own = new Set(["--json", "--no-input", "--no-color"]);
  const words = argv.filter((word) => !own.has(word)).map(word);
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
