import { existsSync } from "node:fs";
import { join } from "node:path";
import { Config } from "@oclif/core/config";

/** oclif's config, which waits for the disk only where there is something to read. */
export class ProgramConfig extends Config {
  override async loadTheme(): ReturnType<Config["loadTheme"]> {
    return existsSync(join(this.configDir, "theme.json")) ? await super.loadTheme() : undefined;
  }
}
