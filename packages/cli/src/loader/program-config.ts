import { existsSync } from "node:fs";
import { join } from "node:path";
import { Config } from "@oclif/core/config";

/** oclif's config, which waits for the disk only where there is something to read. */
export class ProgramConfig extends Config {
  override async loadTheme(): ReturnType<Config["loadTheme"]> {
    return existsSync(join(this.configDir, "theme.json")) ? await super.loadTheme() : undefined;
  }
}

const { load } = Config;

/** oclif would load a config that it is given once more for the command line, and again for the command. */
Config.load = async (options) =>
  options instanceof ProgramConfig ? options : await load.call(Config, options);
