import { describeProblems } from "@meshauth/core";
import { readPluginList } from "../../loader/index.js";
import { PluginsCommand } from "../../plugins/command.js";
import { describePlugin, type PluginDescription } from "../../plugins/describe.js";
import { pluginLine } from "../../plugins/render.js";
import { type TrustState, trustStateOf } from "../../plugins/trust-state.js";
import { paint } from "../../terminal/color.js";

interface PluginsReport {
  readonly plugins: readonly (PluginDescription & { readonly trust: TrustState })[];
  readonly problems: ReturnType<typeof describeProblems>;
}

/** `plugins`: what the user installed and linked, and what is wrong with it. */
export default class Plugins extends PluginsCommand<PluginsReport> {
  static override summary = "List the installed plugins.";
  static override description =
    "Plugins bring further providers. Reads their files, says whether each may run, and runs none of their code. With MESHAUTH_SAFE_MODE=1 none is loaded.";
  static override examples = ["meshauth plugins", "meshauth plugins --json"];

  override async run(): Promise<PluginsReport> {
    await this.parse(Plugins);
    const session = this.session();
    const { plugins, problems } = await readPluginList(this.config.dataDir);
    const place = { dataDir: this.config.dataDir, uid: process.getuid?.() };
    const described = plugins.map(async (plugin) => ({
      ...describePlugin(plugin, session),
      trust: await trustStateOf(place, plugin),
    }));
    return {
      plugins: await Promise.all(described),
      problems: describeProblems(session.safeMode ? problems : session.registry.problems),
    };
  }

  protected override render({ plugins, problems }: PluginsReport): void {
    for (const plugin of plugins) this.print(pluginLine(plugin, plugin.trust));
    if (plugins.length === 0) this.say("No plugin is installed. Next: meshauth plugins install NAME");
    if (this.session().safeMode) this.say("MESHAUTH_SAFE_MODE is set: plugins are listed and not loaded.");
    for (const { package: name, reason, next } of problems) {
      this.say(`${paint("yellow", `Not usable: ${name}:`)} ${reason} Next: ${next}`);
    }
  }
}
