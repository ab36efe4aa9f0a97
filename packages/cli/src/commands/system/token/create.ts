import { BaseCommand } from "../../../base.js";
import { leftToMesheryctl } from "../../../login/elsewhere.js";

/** `system token create`: known, and left to mesheryctl. */
export default class SystemTokenCreate extends BaseCommand<never> {
  static override summary = "Leave adding a token entry to mesheryctl.";
  static override description =
    "meshauth does not edit the token entries of config.yaml on request. The command ends with exit code 2, and says what to run instead.";
  static override hidden = true;
  static override strict = false;
  static override examples = [
    "<%= config.bin %> system token create",
    "<%= config.bin %> system token create NAME -f auth.json",
  ];

  override async run(): Promise<never> {
    // Whatever was typed: it is for mesheryctl to understand.
    throw leftToMesheryctl("system token create", this.argv);
  }

  /** Nothing is ever rendered. */
  protected override render(): void {}
}
