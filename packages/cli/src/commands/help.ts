import type { Command } from "@oclif/core/command";
import { commands } from "@oclif/plugin-help";

const help: Command.Class = commands.help;

/** `help`: oclif's. */
export default help;
