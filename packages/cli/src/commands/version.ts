import { BaseCommand } from "../base.js";

interface Versions {
  readonly name: string;
  readonly version: string;
  readonly platform: string;
  readonly node: string;
}

/** `version`: this program's version and what it runs on. */
export default class Version extends BaseCommand<Versions> {
  static override summary = "Show the version.";
  static override examples = ["meshauth version", "meshauth version --json"];

  override async run(): Promise<Versions> {
    await this.parse(Version);
    return {
      name: this.config.name,
      version: this.config.version,
      platform: `${process.platform}-${process.arch}`,
      node: process.versions.node,
    };
  }

  protected override render(): void {
    this.print(this.config.userAgent);
  }
}
