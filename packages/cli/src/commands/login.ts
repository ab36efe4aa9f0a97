import { MeshauthError, providerOfTicket } from "@meshauth/core";
import { BaseCommand, DEFAULT_TIMEOUT } from "../base.js";
import { splitLoginArgv } from "../login/argv.js";
import { chooseProvider, firstProvider } from "../login/choose.js";
import { COMPLETE_FLAG, LOGIN_FLAGS, valueFlags } from "../login/flags.js";
import { lastProvider } from "../login/last-used.js";
import { type Meant, meantByTicket, requireMeant } from "../settings/find.js";
import { typedTicket } from "../two-step/complete.js";

/** `login`: finds out which provider is meant and hands over to `login <id>`. */
export default class Login extends BaseCommand<unknown> {
  static override summary = "Sign in to Meshery.";
  static override description =
    "Asks for a provider, signs in with it, and writes the credential to the auth.json that all Meshery tools share. What each provider takes is in the help of its own command.";
  static override hiddenAliases = ["system:login"];
  static override examples = [
    { description: "Choose a provider with the arrow keys.", command: "meshauth login" },
    { description: "Sign in at Layer5 Cloud with the browser.", command: "meshauth login layer5" },
    { description: "The spelling of mesheryctl.", command: "meshauth login --provider Layer5" },
    {
      description: "In two steps, for agents and scripts.",
      command: "meshauth login layer5 --start --json",
    },
    { description: "Work without an account.", command: "meshauth login none" },
    {
      description: "Take a downloaded auth.json.",
      command: "meshauth login file-import ~/Downloads/auth.json",
    },
    {
      description: "Sign in at an OpenID Connect server.",
      command: "meshauth login oidc --issuer URL --client-id ID",
    },
  ];
  static override strict = false;
  static override usage = "login [PROVIDER] [FLAGS]";
  static override flags = { ...LOGIN_FLAGS, complete: COMPLETE_FLAG };

  override async run(): Promise<unknown> {
    const { registry } = this.session();
    const { flag, word, rest } = splitLoginArgv(this.argv, valueFlags(registry.providers));
    const name = flag ?? word;
    if (name === "") {
      throw new MeshauthError("MESHAUTH_E_UNKNOWN_PROVIDER", {
        message: "--provider expects the name of a provider.",
        why: "None was given.",
        next: ["meshauth provider list"],
      });
    }
    const { installed, saved } = name === undefined ? await this.find() : requireMeant(this.session(), name);
    // A name of the server's, such as Meshery, says more than the id: it goes along.
    const known = name === undefined || saved ? [] : ["--provider", name];
    const { createLoginCommand } = await import("../login/command.js");
    // Not by its id: that may be the name of saved settings by now.
    return await createLoginCommand(installed, saved).run([...known, ...rest], this.config);
  }

  /** The command that was handed over to has printed the result. */
  protected override render(): void {}
  protected override async printDocument(): Promise<void> {}

  /** What the ticket was started with, or else what the person chooses. */
  private async find(): Promise<Meant> {
    const ticket = typedTicket(this.argv);
    if (ticket === undefined) return requireMeant(this.session(), await this.ask());
    // Without a ticket the parser knows what to say.
    if (ticket === "" || ticket.startsWith("--")) await this.parse(Login, [...this.argv]);
    const place = { dataDir: this.config.dataDir, now: () => new Date() };
    return meantByTicket(this.session(), await providerOfTicket(place, ticket));
  }

  private async ask(): Promise<string> {
    const { flags } = await this.parse(Login, knownFlags(this.argv));
    const { dataDir } = this.config;
    if (flags.explain) return firstProvider(this.session(), await lastProvider(dataDir));
    return await chooseProvider({
      ...this.runtime(),
      settings: this.session().settings,
      dataDir,
      timeout: flags.timeout ?? DEFAULT_TIMEOUT,
    });
  }
}

/** The flags that matter before the provider is known. What only a provider knows is checked by its command. */
function knownFlags(argv: readonly string[]): string[] {
  return argv.flatMap((word, index) => {
    if (["--json", "--no-input", "--no-color", "--explain"].includes(word) || word.startsWith("--timeout="))
      return [word];
    return word === "--timeout" ? argv.slice(index, index + 2) : [];
  });
}
