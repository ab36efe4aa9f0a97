import type { Runtime } from "@meshauth/core";
import type { Session } from "../loader/index.js";
import type { AllowList } from "./allow-list.js";
import type { Npm } from "./npm.js";

/** What the work on plugins needs of the outside. */
export interface PluginWork {
  readonly session: Session;
  /** The program's data folder: the list of plugins, and `node_modules`. */
  readonly dataDir: string;
  readonly cwd: string;
  readonly home: string | undefined;
  readonly uid: number | undefined;
  readonly npm: Npm;
  readonly terminal: Runtime["terminal"];
  /** Aborted when the person leaves or the time is up. */
  readonly signal: AbortSignal;
  /** `--yes`: nothing is asked. */
  readonly yes: boolean;
  /** What may be installed where nobody can be asked. */
  readonly allowList: AllowList;
  now(): Date;
  say(text: string): void;
}
