import { string as stringArg } from "@oclif/core/args";
import { custom, string } from "@oclif/core/flags";
import { BaseCommand } from "../../base.js";
import { createProvider, type NewProvider } from "../../scaffold/create.js";
import { SCAFFOLD_FLOWS, type ScaffoldFlow } from "../../scaffold/flows.js";
import { LICENCES, type Licence } from "../../scaffold/licence.js";
import { createdText } from "../../scaffold/text.js";

/** `provider new`: makes a package for a provider of one's own. */
export default class ProviderNew extends BaseCommand<NewProvider> {
  static override summary = "Make a package for a new provider.";
  static override description =
    "Makes a complete TypeScript package in a new folder: a provider that signs in, a stand-in for its server, tests with the conformance kit, and what is needed to publish it. NAME is what will be typed in `login NAME`; the package is called meshauth-provider-NAME, or as given when NAME has a scope. Needs no network, and writes over nothing.";
  static override examples = [
    "meshauth provider new acme",
    "meshauth provider new acme --flow device --host https://login.acme.example",
    "meshauth provider new @acme/meshauth-provider --license MIT",
  ];
  static override args = {
    name: stringArg({
      description: "What the provider, or its package, is called.",
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    flow: custom<ScaffoldFlow>({
      description: "How people sign in. Asked for on a terminal; browser if not given.",
      options: [...SCAFFOLD_FLOWS],
    })(),
    title: string({ description: "The name for people, such as Acme Cloud.", helpValue: "TITLE" }),
    host: string({
      description: "Where its server is; https://login.NAME.example if not given.",
      helpValue: "ORIGIN",
    }),
    scope: string({ description: "The scope of the package, such as @acme.", helpValue: "SCOPE" }),
    directory: string({
      description: "The folder to make it in; one named like the package if not given.",
      helpValue: "DIR",
    }),
    license: custom<Licence | "none">({
      description: "The package's licence; none is the same as UNLICENSED.",
      options: [...LICENCES, "none"],
      default: "Apache-2.0",
    })(),
  };

  override async run(): Promise<NewProvider> {
    const { args, flags } = await this.parse(ProviderNew);
    const { flow, title, host, scope, directory, license } = flags;
    const { root, pjson, plugins } = this.config;
    const ranges = pjson.dependencies ?? {};
    const licence = license === "none" || license === undefined ? "UNLICENSED" : license;
    return await createProvider(
      this.runtime(),
      { name: args.name, flow, title, host, scope, directory, licence },
      { root, ranges, packages: [pjson.name, ...Object.keys(ranges), ...plugins.keys()] },
    );
  }

  protected override render(created: NewProvider): void {
    this.say(createdText(created));
  }
}
