import {
  type ContextView,
  type ContextViews,
  MeshauthError,
  printable,
  viewContext,
  viewContexts,
} from "@meshauth/core";
import { string as stringArg } from "@oclif/core/args";
import { boolean } from "@oclif/core/flags";
import { BaseCommand, TARGET_FLAGS, targetOf } from "../../base.js";
import { expiryText, nameOf } from "../../login/report.js";
import { hasExpiry, stateText } from "../../login/state.js";

/** `context view`: one context, or all of them, and the login. */
export default class ContextViewCommand extends BaseCommand<ContextView | ContextViews> {
  static override summary = "Show one context of config.yaml and its login.";
  static override description =
    "Without a name, the context in force. Nothing is asked of a server, and no file is touched.";
  static override hiddenAliases = ["system:context:view"];
  static override examples = [
    "meshauth context view",
    "meshauth context view production",
    "meshauth context view production --json",
    "meshauth context view --all",
  ];
  static override args = {
    context: stringArg({ description: "The name of a context; case does not matter.", ignoreStdin: true }),
  };
  static override flags = {
    all: boolean({ description: "Show every context." }),
    context: TARGET_FLAGS.context,
    config: TARGET_FLAGS.config,
  };

  override async run(): Promise<ContextView | ContextViews> {
    const { args, flags } = await this.parse(ContextViewCommand);
    const target = targetOf(flags);
    if (!flags.all) return await viewContext(this.runtime(), target, args.context);
    if (args.context !== undefined) {
      throw new MeshauthError("MESHAUTH_E_USAGE", {
        message: "Give the name of one context, or --all.",
        why: "Both were given.",
        next: ["meshauth context view --all"],
      });
    }
    return await viewContexts(this.runtime(), target);
  }

  protected override render(result: ContextView | ContextViews): void {
    if (!("contexts" in result)) {
      this.#show(result);
      return;
    }
    for (const [index, view] of result.contexts.entries()) {
      if (index > 0) this.print("");
      this.#show(view);
    }
    if (result.contexts.length === 0) this.say("There are no contexts in config.yaml.");
  }

  #show(view: ContextView): void {
    const { state, account, provider, problem, sharedWith } = view;
    const text = (value: string | null): string => printable(value ?? "", 500) || "not set";
    const validity = hasExpiry(state) && problem === undefined ? `, ${expiryText(view)}` : "";
    const rows: readonly (readonly [string, string])[] = [
      ["Context", `${text(view.name)}${view.current ? " (in force)" : ""}`],
      ["Config", text(view.config)],
      ["Endpoint", view.endpoint ?? "no valid address"],
      ["Platform", text(view.platform)],
      ["Provider", text(view.contextProvider)],
      ["Token", `${text(view.token)}${view.missingEntry ? " (no such entry yet)" : ""}`],
      ["Location", text(view.location)],
      ["File", printable(view.file, 1000)],
      [
        "Shared",
        sharedWith.length === 0 ? "with no other context" : `with ${sharedWith.map(text).join(", ")}`,
      ],
      ["Login", `${stateText(state)}${validity}${problem === undefined ? "" : ` (${problem})`}`],
      ...(provider === null ? [] : [["Signed in with", provider] as const]),
      ...(account === null ? [] : [["Account", nameOf(account)] as const]),
    ];
    for (const [name, value] of rows) this.print(`${name.padEnd(14)}  ${value}`);
    this.warnings(view.warnings);
  }
}
