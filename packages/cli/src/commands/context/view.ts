import { type ContextView, printable, viewContext } from "@meshauth/core";
import { Args } from "@oclif/core";
import { BaseCommand, TARGET_FLAGS, targetOf } from "../../base.js";
import { expiryText, nameOf } from "../../login/report.js";
import { hasExpiry, stateText } from "../../login/state.js";
import { paint } from "../../terminal/color.js";

/** `context view`: one context and its login. */
export default class ContextViewCommand extends BaseCommand<ContextView> {
  static override summary = "Show one context of config.yaml and its login.";
  static override description =
    "Without a name, the context in force. Nothing is asked of a server, and no file is touched.";
  static override hiddenAliases = ["system:context:view"];
  static override examples = [
    "<%= config.bin %> context view",
    "<%= config.bin %> context view production",
    "<%= config.bin %> context view production --json",
  ];
  static override args = {
    context: Args.string({ description: "The name of a context; case does not matter.", ignoreStdin: true }),
  };
  static override flags = { context: TARGET_FLAGS.context, config: TARGET_FLAGS.config };

  override async run(): Promise<ContextView> {
    const { args, flags } = await this.parse(ContextViewCommand);
    return await viewContext(this.runtime(), targetOf(flags), args.context);
  }

  protected override render(view: ContextView): void {
    const { state, account, credentialProvider, problem, sharedWith } = view;
    const text = (value: string | null): string => printable(value ?? "", 500) || "none";
    const validity = hasExpiry(state) && problem === undefined ? `, ${expiryText(view)}` : "";
    const rows: readonly (readonly [string, string])[] = [
      ["Context", `${text(view.name)}${view.current ? " (in force)" : ""}`],
      ["Config", text(view.config)],
      ["Endpoint", view.endpoint ?? "no valid address"],
      ["Platform", text(view.platform)],
      ["Provider", text(view.provider)],
      ["Token", `${text(view.token)}${view.missingEntry ? " (no such entry yet)" : ""}`],
      ["Location", text(view.location)],
      ["File", printable(view.file, 1000)],
      [
        "Shared",
        sharedWith.length === 0 ? "with no other context" : `with ${sharedWith.map(text).join(", ")}`,
      ],
      ["Login", `${stateText(state)}${validity}${problem === undefined ? "" : ` (${problem})`}`],
      ...(credentialProvider === null ? [] : [["With", credentialProvider] as const]),
      ...(account === null ? [] : [["Account", nameOf(account)] as const]),
    ];
    for (const [name, value] of rows) this.print(`${name.padEnd(8)}  ${value}`);
    for (const warning of view.warnings) this.say(paint("yellow", `Warning: ${warning}`));
  }
}
