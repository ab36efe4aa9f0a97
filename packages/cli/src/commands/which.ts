import { MeshauthError, printable } from "@meshauth/core";
import { asTyped } from "../as-typed.js";
import { BaseCommand } from "../base.js";

interface Origin {
  readonly command: string;
  readonly package: string;
  readonly version: string;
  readonly root: string;
}

/** `which`: the package that a command comes from. */
export default class Which extends BaseCommand<Origin> {
  static override summary = "Show which package a command comes from.";
  static override examples = ["meshauth which login layer5"];
  static override strict = false;
  static override usage = "which COMMAND...";

  override async run(): Promise<Origin> {
    const { argv } = await this.parse(Which);
    const words = argv.flatMap((word) => String(word).split(/[\s:]+/));
    const id = words.join(":");
    const command = this.config.findCommand(id);
    if (!command) {
      throw new MeshauthError("MESHAUTH_E_UNKNOWN_COMMAND", {
        message:
          words.length === 0 ? "Which command?" : `There is no command "${printable(words.join(" "), 60)}".`,
      });
    }
    const provider = this.session().registry.providers.find(
      ({ entry }) => id.replace(/^system:/, "") === `login:${entry.id}`,
    );
    const plugin = this.config.plugins.get(command.pluginName ?? "");
    return {
      command: asTyped(id),
      package: provider?.package ?? plugin?.name ?? this.config.name,
      version: provider?.version ?? plugin?.version ?? this.config.version,
      root: provider?.root ?? plugin?.root ?? this.config.root,
    };
  }

  protected override render({ command, package: name, version, root }: Origin): void {
    this.print(`${command}  ${name} ${version}  ${root}`);
  }
}
