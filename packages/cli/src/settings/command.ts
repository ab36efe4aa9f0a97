import { type InstalledProvider, withTimeLimit } from "@meshauth/core";
import { boolean, string } from "@oclif/core/flags";
import { BaseCommand, COMMON_FLAGS, type CommandClass, DEFAULT_TIMEOUT, unanswered } from "../base.js";
import { argsOf, givenOptions, optionFlags } from "../options/flags.js";
import { refreshSession } from "../plugins/completion.js";
import { paint } from "../terminal/color.js";
import { type ConfigureReport, configure } from "./configure.js";
import { optionLines } from "./render.js";
import { savable } from "./savable.js";

/** Flags of every `provider configure`. */
export const CONFIGURE_FLAGS = {
  name: string({
    description: "What to type after login: a lower-case letter, then letters, digits and hyphens.",
    helpValue: "NAME",
    required: true,
  }),
  force: boolean({ description: "Replace other settings of that name." }),
};

/** Builds the command `provider configure <id>` from a provider's declaration. No code of the provider is loaded. */
export function createConfigureCommand(installed: InstalledProvider): CommandClass<ConfigureReport> {
  const { id, title } = installed.entry;
  // What a variable says holds where it is set, and is not saved.
  const specs = savable(installed).map(({ env: _, ...spec }) => spec);
  return class ConfigureProvider extends BaseCommand<ConfigureReport> {
    static override id = `provider:configure:${id}`;
    static override summary = `Save settings for ${title} under a name.`;
    static override description =
      "The name is what login takes then. The settings are in the config folder of meshauth, and no secret is among them. What is required and not given is asked for on a terminal. Environment variables are left to the login, where they count for what was not saved.";
    static override flags = { ...optionFlags(specs), ...CONFIGURE_FLAGS };
    static override args = argsOf(specs);
    static override baseFlags = COMMON_FLAGS;

    override async run(): Promise<ConfigureReport> {
      const { args, flags } = await this.parse(ConfigureProvider);
      const runtime = this.runtime();
      const place = { configDir: this.config.configDir, uid: process.getuid?.(), signal: runtime.signal };
      const options = givenOptions(specs, { ...flags, ...args });
      const input = { installed, name: String(flags["name"]), options, force: Boolean(flags["force"]) };
      const report = await withTimeLimit(
        runtime.signal,
        DEFAULT_TIMEOUT,
        (signal) => configure(runtime, input, place, signal),
        () => unanswered(DEFAULT_TIMEOUT),
      );
      this.warnings((await refreshSession(this.session())).warnings);
      return report;
    }

    protected override render({ file, ...saved }: ConfigureReport): void {
      this.say(
        [
          paint("green", `Saved as "${saved.name}" for ${title}.`),
          ...optionLines(saved),
          `  File:  ${file}`,
          `  Next:  meshauth login ${saved.name}`,
        ].join("\n"),
      );
    }
  };
}
