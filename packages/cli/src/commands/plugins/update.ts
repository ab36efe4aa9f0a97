import { type MeshauthError, printable } from "@meshauth/core";
import { string } from "@oclif/core/args";
import { failureDocument } from "../../failure.js";
import { type ListedPlugin, readPluginList } from "../../loader/index.js";
import { CHANGE_FLAGS, PluginsCommand, YES_FLAG } from "../../plugins/command.js";
import { findPlugin } from "../../plugins/find.js";
import { installCommand } from "../../plugins/plugin-command.js";
import { type Update, updatePlugin } from "../../plugins/update.js";

type Updated = Extract<Update, { to: string }>;

interface UpdateReport {
  readonly updated: readonly Updated[];
  readonly unchanged: readonly (Pick<Updated, "name" | "pinned" | "repaired"> & {
    readonly version: string;
  })[];
  readonly failed: readonly {
    readonly name: string;
    readonly error: ReturnType<typeof failureDocument>["error"];
  }[];
}

/** `plugins update`: brings installed plugins up to date, each by itself. */
export default class PluginsUpdate extends PluginsCommand<UpdateReport> {
  static override summary = "Update the installed plugins.";
  static override description =
    "Each is brought to the newest version of what it was installed from. One that wants to talk to hosts, or brings providers or commands, that the installed version does not, or that somebody else published, is asked about. The first login with new code asks whether it may run, unless --yes or allowed-plugins.json answers. When one fails the others are updated all the same, and the exit code is that of the first failure.";
  static override examples = ["meshauth plugins update", "meshauth plugins update acme-provider"];
  static override args = {
    plugin: string({ description: "Only this package or provider.", ignoreStdin: true }),
  };
  static override flags = { ...YES_FLAG, ...CHANGE_FLAGS };

  override async run(): Promise<UpdateReport> {
    const { args, flags } = await this.parse(PluginsUpdate);
    const results = await this.change(flags, async (work) => {
      const done: Update[] = [];
      const plugins =
        args.plugin === undefined ? await this.#installed() : [await findPlugin(args.plugin, work)];
      for (const plugin of plugins) done.push(await updatePlugin(plugin, work));
      return done;
    });
    const failures = results.filter(
      (result): result is Extract<Update, { error: MeshauthError }> => "error" in result,
    );
    const changes = results.filter((result) => "to" in result);
    if (changes.length > 0) await this.refreshed();
    if (failures[0]) process.exitCode = failures[0].error.exitCode;
    return {
      updated: changes.filter(({ from, to }) => from !== to),
      unchanged: changes
        .filter(({ from, to }) => from === to)
        .map(({ name, to, pinned, repaired }) => ({ name, version: to, pinned, repaired })),
      failed: failures.map(({ name, error }) => ({ name, error: failureDocument(error).error })),
    };
  }

  async #installed(): Promise<readonly ListedPlugin[]> {
    const { plugins } = await readPluginList(this.config.dataDir);
    return plugins.filter(({ origin }) => origin === "user");
  }

  protected override render({ updated, unchanged, failed }: UpdateReport): void {
    for (const { name, from, to, repaired } of updated) {
      if (repaired) this.say(`The files of ${name} had been changed.`);
      this.say(`Updated ${name} from ${from ?? "an unreadable version"} to ${to}.`);
    }
    for (const { name, version, pinned, repaired } of unchanged) {
      if (repaired) this.say(`The files of ${name} had been changed: ${version} was installed again.`);
      if (pinned === null) this.say(`${name} ${version} is the newest.`);
      else {
        this.say(`${name} stays at ${version}, as it was installed as ${name}@${pinned}.`);
        this.say(`  Next: ${installCommand(name)}`);
      }
    }
    for (const { name, error } of failed) {
      this.say(`Not updated: ${printable(name)}: ${error.message} ${error.cause}`);
      for (const next of error.next) this.say(`  Next: ${next}`);
    }
    if (updated.length + unchanged.length + failed.length === 0) this.say("No plugin is installed.");
  }
}
