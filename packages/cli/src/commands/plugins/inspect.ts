import { describeProblems, printable } from "@meshauth/core";
import { string } from "@oclif/core/args";
import { PluginsCommand } from "../../plugins/command.js";
import { describePlugin, type PluginDescription } from "../../plugins/describe.js";
import { findPlugin } from "../../plugins/find.js";
import { type TrustState, trustStateOf } from "../../plugins/trust-state.js";
import { paint } from "../../terminal/color.js";

interface InspectReport {
  readonly plugin: PluginDescription;
  readonly trust: TrustState;
  readonly problems: ReturnType<typeof describeProblems>;
}

const TRUST: Readonly<Record<TrustState, string>> = {
  trusted: "it may run",
  untrusted: "not yet: the next login with it asks whether it may run",
  changed: "its files are not those that were installed: none of its code is run",
  own: "a folder of your own, which may always run",
};

/** `plugins inspect`: everything about one plugin. */
export default class PluginsInspect extends PluginsCommand<InspectReport> {
  static override summary = "Show one plugin.";
  static override description = "Reads what it declares and runs none of its code.";
  static override examples = ["meshauth plugins inspect acme-provider"];
  static override args = {
    plugin: string({ description: "A package or the id of a provider.", required: true, ignoreStdin: true }),
  };

  override async run(): Promise<InspectReport> {
    const { args } = await this.parse(PluginsInspect);
    const session = this.session();
    const plugin = await findPlugin(args.plugin, {
      session,
      dataDir: this.config.dataDir,
      cwd: process.cwd(),
    });
    const problems = session.registry.problems.filter(
      (problem) => problem.package === printable(plugin.name),
    );
    const place = { dataDir: this.config.dataDir, uid: process.getuid?.() };
    const trust = await trustStateOf(place, plugin);
    return { plugin: describePlugin(plugin, session), trust, problems: describeProblems(problems) };
  }

  protected override render({ plugin, trust, problems }: InspectReport): void {
    const { name, version, origin, root, source, providers, commands } = plugin;
    this.print(`package   ${printable(name)} ${version ?? ""}`.trimEnd());
    this.print(`origin    ${origin}`);
    this.print(`folder    ${root}`);
    if (source !== null) this.print(`source    ${printable(source)}`);
    for (const { id, title, flows, hosts } of providers) {
      this.print(
        `provider  ${id} (${title}): ${flows.join(", ")}; hosts: ${hosts.join(", ") || "none named"}`,
      );
    }
    for (const command of commands) this.print(`command   ${command}`);
    this.print(`trust     ${TRUST[trust]}`);
    for (const { reason, next } of problems)
      this.say(`${paint("yellow", "Not usable:")} ${reason} Next: ${next}`);
  }
}
