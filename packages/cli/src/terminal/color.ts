import { styleText } from "node:util";
import { isOn } from "@meshauth/core";

/** Whether the terminal cannot move its cursor. */
export function isDumb(env: NodeJS.ProcessEnv = process.env): boolean {
  return env["TERM"] === "dumb";
}

/** Whether lines are printed one below the other, and none is drawn again: for such a terminal, or a screen reader. */
export function isPlain(env: NodeJS.ProcessEnv = process.env): boolean {
  return isDumb(env) || isOn(env["ACCESSIBLE"]);
}

/** Whether a stream gets colour: `NO_COLOR`, `--no-color`, `TERM=dumb` and a pipe turn it off, `FORCE_COLOR` on. */
export function hasColor(
  stream: { isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
  argv: readonly string[] = process.argv,
): boolean {
  if (env["NO_COLOR"] || argv.includes("--no-color")) return false;
  if (env["FORCE_COLOR"] !== undefined) return env["FORCE_COLOR"] !== "0" && env["FORCE_COLOR"] !== "false";
  return Boolean(stream.isTTY) && !isDumb(env);
}

/** Gives text a style where the stream has colour. */
export function paint(
  style: Parameters<typeof styleText>[0],
  text: string,
  stream: { isTTY?: boolean } = process.stderr,
): string {
  return hasColor(stream) ? styleText(style, text) : text;
}
