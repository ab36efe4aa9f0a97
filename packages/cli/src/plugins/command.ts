import { MeshauthError, withTimeLimit } from "@meshauth/core";
import { boolean, custom } from "@oclif/core/flags";
import { BaseCommand, unanswered } from "../base.js";
import { readPluginList, type Session } from "../loader/index.js";
import { parseDuration } from "../login/duration.js";
import { readAllowList } from "./allow-list.js";
import { refreshSession } from "./completion.js";
import { describePlugin, type PluginDescription } from "./describe.js";
import { createNpm } from "./npm.js";
import { withoutPasswords } from "./without-passwords.js";
import type { PluginWork } from "./work.js";

const timeout = custom<number>({
  description: "How long to wait at most, such as 90s or 10m.",
  helpValue: "TIME",
  parse: async (text) => parseDuration(text),
  default: 300_000,
  defaultHelp: async () => "5m",
  noCacheDefault: true,
});

/** Flags of the commands that change plugins. */
export const CHANGE_FLAGS = {
  timeout: timeout(),
  verbose: boolean({ description: "Show what npm says." }),
};

/** For the commands that may ask. */
export const YES_FLAG = { yes: boolean({ char: "y", description: "Do it without asking." }) };

interface ChangeFlags {
  readonly timeout: number;
  readonly verbose: boolean;
  readonly yes?: boolean;
}

/** A command that works on plugins. */
export abstract class PluginsCommand<Result> extends BaseCommand<Result> {
  /** Runs work on plugins under its time limit. */
  protected async change<T>(flags: ChangeFlags, run: (work: PluginWork) => Promise<T>): Promise<T> {
    const { env, cwd, home, terminal, signal, now } = this.runtime();
    const uid = process.getuid?.();
    let asking = false;
    const confirm: PluginWork["terminal"]["confirm"] = async (question, limit) => {
      asking = true;
      try {
        return await terminal.confirm(question, limit);
      } finally {
        asking = false;
      }
    };
    const allowList = await readAllowList(this.config.configDir, uid);
    const work = (ending: AbortSignal): Promise<T> =>
      run({
        session: this.session(),
        dataDir: this.config.dataDir,
        cwd,
        home,
        uid,
        npm: createNpm({
          env,
          registry: this.config.npmRegistry,
          signal: ending,
          ...(flags.verbose ? { onOutput: (text) => this.say(withoutPasswords(text.trimEnd())) } : {}),
        }),
        terminal: { ...terminal, confirm },
        signal: ending,
        yes: flags.yes ?? false,
        allowList,
        now,
        say: (text) => this.say(text),
      });
    return await withTimeLimit(signal, flags.timeout, work, () =>
      asking ? unanswered(flags.timeout) : notDone(flags.timeout),
    );
  }

  /** Reads everything anew after a change, and brings the completion scripts up to date. */
  protected async refreshed(): Promise<Session> {
    const { session, warnings } = await refreshSession(this.session());
    this.warnings(warnings);
    return session;
  }

  /** A plugin as it is after a change. */
  protected async describe(name: string, session: Session): Promise<PluginDescription> {
    const { plugins } = await readPluginList(this.config.dataDir);
    const plugin = plugins.find((candidate) => candidate.name === name);
    if (!plugin) throw new Error(`${name} is not listed after it was.`);
    return describePlugin(plugin, session);
  }
}

function notDone(limit: number): MeshauthError {
  return new MeshauthError("MESHAUTH_E_TIMEOUT", {
    why: `The work on the plugins was not done within ${Math.ceil(limit / 1000)} s.`,
    next: ["Run the command again with a longer --timeout."],
  });
}
