import {
  argumentOf,
  type Explanation,
  explainLogin,
  type InstalledProvider,
  type LoginInput,
  type LoginReport,
  login,
  MeshauthError,
  type StartReport,
  serverNameOf,
  startLogin,
} from "@meshauth/core";
import type { OptionValues } from "@meshauth/provider-api";
import { BaseCommand, COMMON_FLAGS, DEFAULT_TIMEOUT, targetOf } from "../base.js";
import { program } from "../program.js";
import { gather } from "../surroundings.js";
import { requireTwoSteps, runCompletion } from "../two-step/complete.js";
import { keepAsChild, keeperId } from "../two-step/keeper.js";
import { launchKeeper } from "../two-step/launch.js";
import { startText } from "../two-step/text.js";
import { explanationText } from "./explain.js";
import { argsOf, flagsOf } from "./flags.js";
import { rememberProvider } from "./last-used.js";
import { reportText } from "./report.js";
import { typedWords } from "./typed.js";

type Result = LoginReport | Explanation | StartReport | null;

/** Builds the command `login <id>` from a provider's declaration. No code of the provider is loaded. */
export function createLoginCommand(installed: InstalledProvider): typeof BaseCommand<Result> {
  const { entry } = installed;
  return class LoginWithProvider extends BaseCommand<Result> {
    static override id = `login:${entry.id}`;
    static override hiddenAliases = [`system:login:${entry.id}`];
    static override summary = entry.summary;
    static override description = descriptionOf(installed);
    static override examples = examplesOf(installed);
    static override flags = flagsOf(installed);
    static override args = argsOf(installed);
    static override baseFlags = COMMON_FLAGS;

    override async run(): Promise<Result> {
      requireTwoSteps(installed, this.argv);
      const { args, flags, raw } = await this.parse(LoginWithProvider);
      const runtime = this.runtime();
      const kept = keeperId();
      if (kept !== undefined) {
        await keepAsChild(runtime, kept);
        return null;
      }
      if (flags["complete"] !== undefined) {
        const completed = await runCompletion(runtime, {
          ticket: flags["complete"],
          providerId: entry.id,
          flags,
          raw,
          argv: this.argv,
        });
        await this.#remember();
        return completed;
      }
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
        });
      }
      const serverName =
        flags["provider"] === undefined
          ? undefined
          : serverNameOf(runtime.registry, installed, flags["provider"]);
      const input: LoginInput = {
        target: targetOf(flags),
        provider: installed,
        options: optionsOf(installed, { ...flags, ...args }),
        browser,
        ...(serverName === undefined ? {} : { serverName }),
        timeout: flags["timeout"] ?? DEFAULT_TIMEOUT,
        force: Boolean(flags["force"]),
        ownFile: Boolean(flags["own-file"]),
        ...(flags["expect-account"] === undefined ? {} : { expectAccount: flags["expect-account"] }),
        skipVerify: Boolean(flags["skip-verify"]),
        tokenStdin,
        words: typedWords(["login", entry.id], withoutName(this.argv, entry.id)),
      };
      if (flags["start"]) return await startLogin(runtime, input, launchKeeper);
      const report = await login(runtime, input);
      await this.#remember();
      return report;
    }

    async #remember(): Promise<void> {
      program().wrote = true;
      await rememberProvider(this.config.dataDir, entry.id);
    }

    protected override render(result: Result): void {
      if (result === null) return;
      if ("ticket" in result) this.say(startText(result));
      else if ("ways" in result) this.print(explanationText(result, entry.id));
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

function examplesOf({ entry }: InstalledProvider): string[] {
  const command = `meshauth login ${entry.id}`;
  const argument = argumentOf(entry);
  return argument === undefined ? [command, `${command} --json`] : [command, `${command} ${argument}`];
}

function optionsOf({ entry }: InstalledProvider, values: Record<string, unknown>): OptionValues {
  const options: Record<string, string | number | boolean | undefined> = {};
  for (const { name, required, argument } of entry.options ?? []) {
    const value = values[name];
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      options[name] = value;
    else if (required) {
      throw new MeshauthError("MESHAUTH_E_USAGE", {
        message: `Missing ${argument ? name.toUpperCase() : `--${name}`}, which ${entry.title} needs.`,
        next: [`meshauth login ${entry.id} --help`],
      });
    }
  }
  return options;
}
