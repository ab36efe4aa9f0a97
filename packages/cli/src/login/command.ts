import {
  adviseAgain,
  againOf,
  argumentOf,
  type Explanation,
  explainLogin,
  type InstalledProvider,
  type LoginInput,
  type LoginReport,
  login,
  loginCommand,
  type StartReport,
  serverNameOf,
  startLogin,
  withTimeLimit,
} from "@meshauth/core";
import {
  BaseCommand,
  COMMON_FLAGS,
  type CommandClass,
  DEFAULT_TIMEOUT,
  targetOf,
  unanswered,
} from "../base.js";
import { askForMissing } from "../options/ask.js";
import { argsOf, givenOptions } from "../options/flags.js";
import type { OptionValue } from "../options/values.js";
import { program } from "../program.js";
import type { SavedSettings } from "../settings/file.js";
import { requireFitting } from "../settings/find.js";
import { gather } from "../surroundings.js";
import { requireTwoSteps, runCompletion } from "../two-step/complete.js";
import { keepAsChild, keeperId } from "../two-step/keeper.js";
import { launchKeeper } from "../two-step/launch.js";
import { startText } from "../two-step/text.js";
import { explanationText } from "./explain.js";
import { flagsOf } from "./flags.js";
import { rememberProvider } from "./last-used.js";
import { reportText } from "./report.js";
import { typedWords } from "./typed.js";

type Result = LoginReport | Explanation | StartReport | null;

/**
 * Builds the command `login <id>` from a provider's declaration, or `login <name>` for settings that are saved for it.
 * No code of the provider is loaded.
 */
export function createLoginCommand(
  installed: InstalledProvider,
  saved?: SavedSettings,
): CommandClass<Result> {
  const { entry } = installed;
  const name = saved?.name ?? entry.id;
  const savedSettings = saved === undefined ? {} : { savedSettings: saved.name };
  return class LoginWithProvider extends BaseCommand<Result> {
    static override id = `login:${name}`;
    static override hiddenAliases = [`system:login:${name}`];
    static override summary = entry.summary;
    static override description = descriptionOf(installed);
    static override examples = examplesOf(installed, saved);
    static override flags = flagsOf(installed, saved?.options);
    static override args = argsOf(entry.options, saved?.options);
    static override baseFlags = COMMON_FLAGS;

    /** The provider's options, as far as it is known which were given. */
    #given: Readonly<Record<string, OptionValue>> = {};

    override async run(): Promise<Result> {
      try {
        return await this.#run();
      } catch (error) {
        const input = { provider: installed, options: this.#given, ...savedSettings };
        throw adviseAgain(error, { provider: entry, ...againOf(input) });
      }
    }

    async #run(): Promise<Result> {
      // Whatever the name stands for by now, a login that is kept goes on as it was started.
      const kept = keeperId();
      if (kept !== undefined) {
        await keepAsChild(this.runtime(), kept);
        return null;
      }
      requireTwoSteps(installed, this.argv);
      const { args, flags, raw } = await this.parse(LoginWithProvider);
      const runtime = this.runtime();
      if (flags["complete"] !== undefined) {
        const completed = await runCompletion(runtime, {
          ticket: flags["complete"],
          providerId: entry.id,
          name,
          flags,
          raw,
          argv: this.argv,
        });
        await this.#remember();
        return completed;
      }
      if (saved !== undefined) requireFitting(installed, saved);
      const browser = {
        noBrowser: Boolean(flags["no-browser"]),
        paste: Boolean(flags["paste"]),
        ...(flags["port"] === undefined ? {} : { port: flags["port"] }),
      };
      const tokenStdin = Boolean(flags["token-stdin"]);
      if (flags["explain"]) {
        return explainLogin(await gather(flags["no-input"] ? "--no-input" : undefined), {
          provider: installed,
          registry: runtime.registry,
          flags: { ...browser, tokenStdin },
          argument: Object.values(args).some((value) => value !== undefined),
          given: flags,
          ...(saved === undefined ? {} : { saved }),
        });
      }
      const typed = flags["provider"];
      const serverName =
        typed === undefined || typed.toLowerCase() === saved?.name
          ? undefined
          : serverNameOf(runtime.registry, installed, typed);
      const timeout = flags["timeout"] ?? DEFAULT_TIMEOUT;
      this.#given = givenOptions(entry.options, { ...flags, ...args });
      const missing = {
        installed,
        specs: entry.options ?? [],
        given: this.#given,
        help: `meshauth login ${name} --help`,
      };
      const options = await withTimeLimit(
        runtime.signal,
        timeout,
        (signal) => askForMissing(runtime, missing, signal),
        () => unanswered(timeout),
      );
      const input: LoginInput = {
        target: targetOf(flags),
        provider: installed,
        options,
        browser,
        ...(serverName === undefined ? {} : { serverName }),
        timeout,
        ...savedSettings,
        force: Boolean(flags["force"]),
        ownFile: Boolean(flags["own-file"]),
        ...(flags["expect-account"] === undefined ? {} : { expectAccount: flags["expect-account"] }),
        skipVerify: Boolean(flags["skip-verify"]),
        tokenStdin,
        words: typedWords(["login", name], withoutName(this.argv, name)),
      };
      if (flags["start"]) return await startLogin(runtime, input, launchKeeper);
      const report = await login(runtime, input);
      if (Object.keys(options).length > Object.keys(this.#given).length) {
        const save = loginCommand(entry, { given: options }).replace("login", "provider configure");
        const message = `To be asked nothing the next time: ${save} --name NAME, and then meshauth login NAME.`;
        runtime.terminal.notify({ kind: "plain", message });
      }
      await this.#remember();
      return report;
    }

    async #remember(): Promise<void> {
      program().wrote = true;
      await rememberProvider(this.config.dataDir, name);
    }

    protected override render(result: Result): void {
      if (result === null) return;
      if ("ticket" in result) this.say(startText(result));
      else if ("ways" in result) this.print(explanationText(result, name));
      else this.say(reportText(result));
    }
  };
}

/** `login` hands on which provider was typed; where that is the id, the command says it already. */
function withoutName(argv: readonly string[], id: string): readonly string[] {
  return argv[0] === "--provider" && argv[1]?.toLowerCase() === id ? argv.slice(2) : argv;
}

function descriptionOf({ entry, package: name, version, origin }: InstalledProvider): string {
  const hosts = entry.hosts?.map((host) => (host === "configured" ? "an address that you give" : host)) ?? [];
  const source = origin === "built-in" ? "It comes with meshauth." : `It comes from ${name} ${version}.`;
  return hosts.length === 0 ? source : `${source} It declares that it talks to ${hosts.join(" or ")}.`;
}

function examplesOf({ entry }: InstalledProvider, saved: SavedSettings | undefined): string[] {
  const command = `meshauth login ${saved?.name ?? entry.id}`;
  const argument = saved === undefined ? argumentOf(entry) : undefined;
  return argument === undefined ? [command, `${command} --json`] : [command, `${command} ${argument}`];
}
