import { type ContextUse, printable, useContext } from "@meshauth/core";
import { string as stringArg } from "@oclif/core/args";
import { BaseCommand, TARGET_FLAGS, targetOf } from "../../base.js";
import { expiryText, nameOf } from "../../login/report.js";
import { hasExpiry, stateText } from "../../login/state.js";
import { paint } from "../../terminal/color.js";

/** `context use`: makes a context the current one. */
export default class ContextUseCommand extends BaseCommand<ContextUse> {
  static override summary = "Make a context of config.yaml the current one.";
  static override description =
    "Sets current-context in config.yaml and leaves every other byte of it as it is. It works when the current context does not exist. No deployment is stopped or started, unlike with mesheryctl system context switch.";
  static override examples = ["meshauth context use production", "meshauth context use production --json"];
  static override args = {
    context: stringArg({
      description: "The name of a context; case does not matter.",
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = { config: TARGET_FLAGS.config };

  override async run(): Promise<ContextUse> {
    const { args, flags } = await this.parse(ContextUseCommand);
    return await useContext(this.runtime(), targetOf(flags), args.context);
  }

  protected override render(used: ContextUse): void {
    const { context, changed, state, account, provider, endpoint } = used;
    const name = printable(context, 60);
    this.say(
      changed
        ? paint("green", `The current context is now ${name}.`)
        : `The current context is ${name} already.`,
    );
    const who = [
      ...(provider === null ? [] : [provider]),
      ...(account === null ? [] : [nameOf(account)]),
      ...(hasExpiry(state) && provider !== null ? [expiryText(used)] : []),
    ];
    if (endpoint !== null) this.say(`  Server:  ${endpoint}`);
    this.say(`  Login:   ${[stateText(state, process.stderr), ...who].join(", ")}`);
    this.say(`  File:    ${printable(used.file, 1000)}`);
    this.warnings(used.warnings);
    this.say(`  Next:    ${used.next}`);
  }
}
