import {
  adviseAgain,
  argumentOf,
  type Explanation,
  explainLogin,
  type InstalledProvider,
  type LoginInput,
  type LoginReport,
  login,
  type MadeWith,
  type StartReport,
  serverNameOf,
  startLogin,
  stepAgain,
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
import { program } from "../program.js";
import type { SavedSettings } from "../settings/file.js";
import { requireFitting } from "../settings/find.js";
import { gather } from "../surroundings.js";
import { requireTwoSteps, runCompletion } from "../two-step/complete.js";
import { keepAsChild, keeperId } from "../two-step/keeper.js";
import { launchKeeper } from "../two-step/launch.js";
import { startText } from "../two-step/text.js";
import { askForMissing } from "./ask.js";
import { explanationText } from "./explain.js";
import { argsOf, flagsOf, givenOptions } from "./flags.js";
import { rememberProvider } from "./last-used.js";
import { reportText } from "./report.js";
import { adviseSameOptions, explainSameOptions, type SameLogin, type Typed } from "./same-options.js";
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
  const made: MadeWith = { provider: entry, ...(saved === undefined ? {} : { savedSettings: saved.name }) };
  return class LoginWithProvider extends BaseCommand<Result> {
    static override id = `login:${name}`;
    static override hiddenAliases = [`system:login:${name}`];
    static override summary = entry.summary;
    static override description = descriptionOf(installed);
    static override examples = examplesOf(installed, saved);
    static override flags = flagsOf(installed, saved?.options);
    static override args = argsOf(entry.options, saved?.options);
    static override baseFlags = COMMON_FLAGS;

    #typed: readonly Typed[] = [];

    override async run(): Promise<Result> {
      try {
        return await this.#run();
      } catch (error) {
        throw adviseSameOptions(adviseAgain(error, made), this.#same());
      }
    }

    #same(): SameLogin {
      return { name, options: (entry.options ?? []).map((spec) => spec.name), typed: this.#typed };
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
      this.#typed = raw;
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
        const explanation = explainLogin(await gather(flags["no-input"] ? "--no-input" : undefined), {
          provider: installed,
          registry: runtime.registry,
          flags: { ...browser, tokenStdin },
          argument: Object.values(args).some((value) => value !== undefined),
        });
        return explainSameOptions(explainAgain(explanation, made), this.#same());
      }
      const typed = flags["provider"];
      const serverName =
        typed === undefined || typed.toLowerCase() === saved?.name
          ? undefined
          : serverNameOf(runtime.registry, installed, typed);
      const timeout = flags["timeout"] ?? DEFAULT_TIMEOUT;
      const missing = {
        installed,
        specs: entry.options ?? [],
        given: givenOptions(entry.options, { ...flags, ...args }),
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
        ...(saved === undefined ? {} : { savedSettings: saved.name }),
        force: Boolean(flags["force"]),
        ownFile: Boolean(flags["own-file"]),
        ...(flags["expect-account"] === undefined ? {} : { expectAccount: flags["expect-account"] }),
        skipVerify: Boolean(flags["skip-verify"]),
        tokenStdin,
        words: typedWords(["login", name], withoutName(this.argv, name)),
      };
      if (flags["start"]) return await startLogin(runtime, input, launchKeeper);
      const report = await login(runtime, input);
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

/** The ways in with what to type for this login. */
function explainAgain(explanation: Explanation, made: MadeWith): Explanation {
  const ways = explanation.ways.map((way) => ({
    ...way,
    command: way.command === null ? null : stepAgain(way.command, made),
  }));
  return { ...explanation, ways };
}
