import { type FileLogout, type LogoutReport, logout, printable } from "@meshauth/core";
import { boolean } from "@oclif/core/flags";
import { BaseCommand, TARGET_FLAGS, targetOf, WAIT_FLAGS } from "../base.js";
import { paint } from "../terminal/color.js";

/** `logout`: revokes the token where that is possible, and empties the file. */
export default class Logout extends BaseCommand<LogoutReport> {
  static override summary = "Sign out.";
  static override description =
    "Revokes the token at its provider where that is possible, then empties the credential file as mesheryctl does, whatever the provider said. Says revoked, not-supported or failed. Contexts that share the file are signed out together.";
  static override hiddenAliases = ["system:logout"];
  static override examples = [
    "meshauth logout",
    "meshauth logout --all",
    { description: "Fail unless the token is revoked.", command: "meshauth logout --strict" },
  ];
  static override flags = {
    all: boolean({ description: "Sign out of every context." }),
    strict: boolean({
      description: "Fail (exit 5, or 7 when nobody answers) unless every token is revoked.",
    }),
    ...WAIT_FLAGS,
    ...TARGET_FLAGS,
  };

  override async run(): Promise<LogoutReport> {
    const { flags } = await this.parse(Logout);
    const { report, unrevoked } = await logout(this.timedRuntime(flags), {
      target: targetOf(flags),
      all: flags.all,
    });
    if (flags.strict && unrevoked) throw unrevoked;
    this.warnings(report.warnings);
    return report;
  }

  protected override render({ files }: LogoutReport): void {
    for (const file of files) this.say(text(file));
  }
}

function text({ contexts, file, provider, outcome, message }: FileLogout): string {
  if (provider === null) return `Nobody was signed in: ${file}`;
  const names = contexts.map((name) => printable(name, 60));
  return [
    paint("green", headline(provider, outcome)),
    `  File:     ${file}`,
    ...(names.length === 0 ? [] : [`  ${names.length > 1 ? "Contexts" : "Context"}: ${names.join(", ")}`]),
    ...(outcome === null ? [`  ${message}`] : []),
    ...(outcome === null || outcome === "revoked" ? [] : [paint("yellow", `  ${message}`)]),
  ].join("\n");
}

function headline(provider: string, outcome: FileLogout["outcome"]): string {
  if (outcome === null) return `Signed out of ${provider}.`;
  if (outcome === "revoked") return `Signed out of ${provider}: revoked.`;
  return `Signed out of ${provider} on this machine; the token was not revoked (${outcome}).`;
}
