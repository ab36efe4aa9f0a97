import { inspect } from "node:util";
import { ERRORS, EXIT, MeshauthError } from "@meshauth/core";
import type { Config } from "@oclif/core/config";
import { unknownCommand } from "./command-not-found.js";
import { classify, failureDocument, failureText, leadingWords } from "./failure.js";
import { openSession, type Session } from "./loader/index.js";
import { chooseProvider } from "./login/choose.js";
import { DEFAULT_TIMEOUT } from "./login/duration.js";
import { OWN_COMMANDS } from "./own-commands.js";
import { leave, type Program, program } from "./program.js";
import { ROOT } from "./root.js";
import { isInteractive } from "./surroundings.js";
import { createTerminal } from "./terminal/terminal.js";
import { wantsJson } from "./typed-flags.js";

/** How a command is run without the code of plugins. */
const SAFE_MODE = "MESHAUTH_SAFE_MODE=1 meshauth";

/** What {@link main} can be given of the process that calls it. */
export interface MainOptions {
  /** Keeps compiled code for the next start. Called only after a command that wrote files anyway, and never fails. */
  readonly keepCode?: () => Promise<void>;
}

/** Runs one command line and ends the process with its exit code. */
export async function main(argv: readonly string[], { keepCode }: MainOptions = {}): Promise<never> {
  const self = program();
  const json = wantsJson(argv);
  if (json) self.output.divert();
  let finished = false;
  const finish = async (code: number): Promise<never> => {
    if (finished) leave(code);
    finished = true;
    const printed = await self.output.flush();
    return leave(printed || code !== EXIT.done ? code : EXIT.unexpected);
  };
  const fail = (error: unknown): Promise<never> => finish(report(self, error, argv, json));
  let config: Config | undefined;
  const put = (error: unknown): unknown => blame(self, error, commandWords(config, argv));
  process.on("uncaughtException", (error) => void fail(put(error)));
  process.on("unhandledRejection", (error) => void fail(put(error)));
  process.on("exit", () => {
    // Someone else ended the process, or nothing is left that could wake it: say so, and do not let the
    // exit code claim success.
    if (finished) return;
    const reason = self.signal.aborted ? self.signal.reason : put(new Error("The process ended early."));
    process.exitCode = report(self, reason, argv, json);
  });
  try {
    const session = await openSession({
      root: ROOT,
      env: process.env,
      commands: OWN_COMMANDS,
      loginCommands: async () => (await import("./login/command.js")).createLoginCommand,
      configureCommands: async () => (await import("./settings/command.js")).createConfigureCommand,
      signal: self.signal,
    });
    // The question comes first, and oclif is loaded after the answer.
    const words = isBareLogin(argv) ? [...argv, await askForProvider(self, session)] : argv;
    const [{ run }, { settings }] = await Promise.all([
      import("@oclif/core/run"),
      import("@oclif/core/settings"),
      import("@oclif/core/command"),
    ]);
    self.output.takeErrors();
    settings.enableAutoTranspile = false;
    config = await session.config();
    const unknown = unknownCommand(config, words);
    if (unknown) throw unknown;
    await run([...words], config);
    if (self.wrote) await keepCode?.();
    return await finish(Number(process.exitCode ?? 0));
  } catch (error) {
    return await fail(self.signal.aborted ? self.signal.reason : error);
  }
}

/** Whether `login` was typed and nothing besides: all that is known is that a provider has to be chosen. */
function isBareLogin(argv: readonly string[]): boolean {
  return argv.length === 1 && argv[0] === "login";
}

async function askForProvider(
  { output, signal }: Program,
  { registry, settings, dataDir }: Session,
): Promise<string> {
  const terminal = createTerminal({ output, interactive: isInteractive(undefined) });
  return await chooseProvider({ terminal, registry, settings, signal, dataDir, timeout: DEFAULT_TIMEOUT });
}

function report({ output }: Program, error: unknown, argv: readonly string[], json: boolean): number {
  const failure = classify(error, argv);
  if (/(^|[\s,])(\*|meshauth)/.test(process.env["DEBUG"] ?? "")) output.line(inspect(error));
  if (json) output.data(`${JSON.stringify(failureDocument(failure))}\n`);
  else output.line(failureText(failure));
  return failure.exitCode;
}

/** While a provider's code runs, what escapes it is the provider's failure. */
function blame({ provider }: Program, error: unknown, words: readonly string[]): unknown {
  if (provider === undefined) return error;
  const again = words.length === 0 ? "login" : words.join(" ");
  return new MeshauthError("MESHAUTH_E_PROVIDER_BROKEN", {
    message: `The code of ${provider} failed.`,
    next: ERRORS.MESHAUTH_E_PROVIDER_BROKEN.next.map((step) =>
      step.startsWith(SAFE_MODE) ? `${SAFE_MODE} ${again}` : step,
    ),
    cause: error,
  });
}

/** The command that a command line names, without what it is given. In safe mode no plugin has a login of its own. */
function commandWords(config: Config | undefined, argv: readonly string[]): string[] {
  const words = leadingWords(argv);
  if (words[0] === "login") return ["login"];
  for (let length = words.length; length > 0; length -= 1) {
    if (config?.findCommand(words.slice(0, length).join(":"))) return words.slice(0, length);
  }
  return [];
}
