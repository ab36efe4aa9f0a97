import {
  type AtOnce,
  type Freshness,
  freshAtOnce,
  statusAtOnce,
  type TargetFlags,
  TOKEN_FORMATS,
  type TokenFormat,
  tokenText,
} from "@meshauth/core/hot";
import { parseDuration, parseValidity } from "../login/duration.js";
import { statusText } from "../status-text.js";
import { flag, type HotFlags, readFlags, type Typed, text, value } from "./flags.js";

/** What a hot command is answered with: a {@link AtOnce} and what standard output is. */
export interface Hot extends AtOnce {
  readonly stdout: { readonly isTTY: boolean };
}

/** A command that can be answered before the whole program is loaded. */
export interface HotCommand {
  readonly words: readonly string[];
  /** The flags with which it is. */
  readonly flags: HotFlags;
  /**
   * @param argv - What follows the words.
   * @returns What it prints on standard output, where that is all that it does, and ends with exit code 0.
   */
  answer(argv: readonly string[], hot: Hot): Promise<string | undefined>;
}

const COMMON = { json: flag, "no-input": flag, "no-color": flag };
const WAIT = { timeout: value(parseDuration) };
const TARGET = { context: text("c"), config: text(), server: text() };
const FRESH = { "min-validity": value(parseValidity) };
const FORMAT = { format: value((name) => TOKEN_FORMATS.find((format) => format === name)) };

/** Everything that is hot, `--version` apart. */
export const HOT: readonly HotCommand[] = [
  hot("token", { ...COMMON, ...FORMAT, ...FRESH, ...WAIT, ...TARGET }, (runtime, typed) =>
    credential(runtime, typed, typed.json ? "json" : typed.format),
  ),
  hot("credential get", { ...COMMON, ...FRESH, ...WAIT, ...TARGET }, (runtime, typed) =>
    credential(runtime, typed, "json"),
  ),
  hot("status", { ...COMMON, ...WAIT, ...TARGET }, status),
];

function hot<Flags extends HotFlags>(
  words: string,
  flags: Flags,
  run: (runtime: Hot, typed: Typed<Flags>) => Promise<string | undefined>,
): HotCommand {
  return {
    words: words.split(" "),
    flags,
    answer: async (argv, runtime) => {
      const typed = readFlags(argv, flags);
      return typed && (await run(runtime, typed));
    },
  };
}

async function credential(
  runtime: Hot,
  { "min-validity": minValidity, ...flags }: Typed<typeof FRESH> & TargetFlags,
  format: TokenFormat = "raw",
): Promise<string | undefined> {
  const freshness: Freshness = minValidity === undefined ? {} : { minValidity };
  const found = await freshAtOnce(runtime, flags, freshness);
  return found && tokenText(found, format);
}

async function status(
  runtime: Hot,
  { json, ...flags }: Typed<typeof COMMON> & TargetFlags,
): Promise<string | undefined> {
  const { report, exit, warnings } = await statusAtOnce(runtime, flags);
  const isAll = exit === 0 && warnings.length === 0 && report.contexts[0]?.source === "file";
  if (!isAll) return undefined;
  return runtime.secrets.redact(json ? JSON.stringify(report) : statusText(report, runtime.stdout));
}
