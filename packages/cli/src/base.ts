import { homedir } from "node:os";
import { parse } from "node:path";
import {
  MeshauthError,
  type Runtime,
  type Surroundings,
  type TargetFlags,
  type Terminal,
  withTimeLimit,
} from "@meshauth/core";
import type { Interfaces } from "@oclif/core";
import { Command } from "@oclif/core/command";
import type { Config } from "@oclif/core/config";
import { boolean, custom, string } from "@oclif/core/flags";
import { type Session, sessionOf } from "./loader/index.js";
import { DEFAULT_TIMEOUT, parseDuration } from "./login/duration.js";
import { program, runProvider } from "./program.js";
import { gather, isInteractive } from "./surroundings.js";
import { paint } from "./terminal/color.js";
import { createTerminal } from "./terminal/terminal.js";
import { fold } from "./terminal/wrap.js";
import type { Person } from "./trust/index.js";

export { DEFAULT_TIMEOUT };

/** Flags of every command of ours. */
export const COMMON_FLAGS = {
  json: boolean({ description: "Print one JSON document on standard output.", helpGroup: "GLOBAL" }),
  "no-input": boolean({
    description: "Never ask; fail where a question would be needed.",
    helpGroup: "GLOBAL",
  }),
  "no-color": boolean({ description: "Print without colour.", helpGroup: "GLOBAL" }),
};

/** Flags of the commands that work on a context. */
export const TARGET_FLAGS = {
  context: string({
    char: "c",
    description: "Work on this context of config.yaml instead of the current one.",
    helpValue: "NAME",
    helpGroup: "TARGET",
  }),
  config: string({
    description: "Read this file instead of config.yaml in the Meshery folder.",
    helpValue: "FILE",
    helpGroup: "TARGET",
  }),
  server: string({
    description: "The Meshery Server, instead of the context's endpoint.",
    helpValue: "URL",
    helpGroup: "TARGET",
  }),
};

/** Flags of the commands that may have to wait for someone. */
export const WAIT_FLAGS = {
  timeout: custom<number>({
    description: "How long to wait at most, such as 90s or 10m; 5m if not given.",
    helpValue: "TIME",
    parse: async (text) => parseDuration(text),
  })(),
};

type Values = Record<string, unknown>;

/**
 * A command of ours: it parses, calls a use case and renders. `run` returns the result; with `--json` that
 * is the document, else `render` prints it.
 */
export abstract class BaseCommand<Result> extends Command {
  static override baseFlags = COMMON_FLAGS;
  /** What the command line said, as far as every command has to know it. */
  #mode = { json: false, noInput: false, timeout: DEFAULT_TIMEOUT };

  abstract override run(): Promise<Result>;

  /** Prints the result for people. */
  protected abstract render(result: Result): void | Promise<void>;

  /** Prints the result as the one document of `--json`. */
  protected async printDocument(result: unknown): Promise<void> {
    this.print(JSON.stringify(result));
  }

  /** What a use case needs of the outside. Parse first. */
  protected runtime(): Runtime {
    return this.#runtime(program().signal);
  }

  /** The same for a use case that ends when the time of `--timeout` is up. */
  protected timedRuntime({ timeout = DEFAULT_TIMEOUT }: { readonly timeout?: number | undefined }): Runtime {
    return this.#runtime(limited(program().signal, timeout));
  }

  #runtime(signal: AbortSignal): Runtime {
    const { secrets, output } = program();
    const { registry, admission } = this.session();
    const noInput = this.#mode.noInput ? "--no-input" : this.#mode.json ? "--json" : undefined;
    let surroundings: Promise<Surroundings> | undefined;
    const terminal = createTerminal({ output, interactive: isInteractive(noInput) });
    return {
      env: process.env,
      platform: process.platform,
      home: process.env["HOME"] ?? (process.platform === "win32" ? homedir() : undefined),
      cwd: currentFolder(),
      dataDir: this.config.dataDir,
      userAgent: `meshauth/${this.config.version} (${process.platform}-${process.arch}) node/${process.versions.node}`,
      registry,
      terminal,
      secrets,
      signal,
      now: () => new Date(),
      admit: async ({ package: name, origin }, { ask = false } = {}) =>
        await admission.admit(
          { name, origin },
          ask && terminal.interactive ? this.person(terminal, signal) : undefined,
        ),
      surroundings() {
        surroundings ??= gather(noInput);
        return surroundings;
      },
      runProvider,
      debug: (message) => this.debug(secrets.redact(message)),
    };
  }

  /** The person at the terminal, to be asked about a plugin's first use. */
  protected person(terminal: Terminal, signal: AbortSignal): Person {
    return {
      signal,
      say: (text) => this.say(text),
      confirm: async (message) =>
        await withTimeLimit(
          signal,
          this.#mode.timeout,
          (limit) => terminal.confirm({ message, initial: false }, limit),
          () => unanswered(this.#mode.timeout),
        ),
    };
  }

  /** Providers and plugin problems, as found when the program started. */
  protected session(): Session {
    return sessionOf(this.config);
  }

  /** Warnings for people, on standard error. */
  protected warnings(messages: readonly string[]): void {
    for (const message of messages)
      this.say(paint("yellow", fold(`Warning: ${message}`, process.stderr, "  ")));
  }

  /** Data for people, on standard output. */
  protected print(text: string): void {
    program().output.data(`${text}\n`);
  }

  /** A line that holds a secret, on standard output: for the commands whose purpose that is. */
  protected async printSecret(text: string): Promise<void> {
    await program().output.secretData(`${text}\n`);
  }

  /** A line for people, on standard error. */
  protected say(text: string): void {
    program().output.line(text);
  }

  protected override async parse<F extends Values, B extends Values, A extends Values>(
    options?: Interfaces.Input<F, B, A>,
    argv = this.argv,
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv);
    const { json, "no-input": noInput, timeout } = parsed.flags;
    this.#mode = {
      json: Boolean(json),
      noInput: Boolean(noInput),
      timeout: typeof timeout === "number" ? timeout : DEFAULT_TIMEOUT,
    };
    return parsed;
  }

  protected override async _run<T>(): Promise<T> {
    await this.init();
    const result = await this.run();
    if (this.#mode.json) await this.printDocument(result);
    else await this.render(result);
    return result as T;
  }
}

/** The class of a command that can be run. */
export type CommandClass<Result> = typeof BaseCommand<Result> &
  (new (
    argv: string[],
    config: Config,
  ) => BaseCommand<Result>);

/** An error for a question that nobody answered. @param limit - Milliseconds. */
export function unanswered(limit: number): MeshauthError {
  return new MeshauthError("MESHAUTH_E_TIMEOUT", {
    why: `The question was not answered within ${Math.ceil(limit / 1000)} s.`,
  });
}

/** A signal that is aborted when the time is up, too. What is left of the time does not keep the process alive. */
function limited(signal: AbortSignal, timeout: number): AbortSignal {
  const limit = new AbortController();
  setTimeout(() => limit.abort(new MeshauthError("MESHAUTH_E_TIMEOUT")), timeout).unref();
  return AbortSignal.any([signal, limit.signal]);
}

/** The current folder; the root when it has been removed meanwhile, as nothing can be relative to it then. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return parse(process.execPath).root;
  }
}

/** The target flags among parsed ones. */
export function targetOf(flags: {
  readonly config?: string | undefined;
  readonly context?: string | undefined;
  readonly server?: string | undefined;
  readonly [other: string]: unknown;
}): TargetFlags {
  const { config, context, server } = flags;
  return {
    ...(config === undefined ? {} : { config }),
    ...(context === undefined ? {} : { context }),
    ...(server === undefined ? {} : { server }),
  };
}
