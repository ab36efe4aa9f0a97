import type { EraRules } from "../era.js";
import type { Faults } from "../faults/faults.js";
import type { SigningKey } from "../jwt.js";
import type { User } from "../users.js";
import type { ApiTokens } from "./api-tokens.js";
import type { BrowserSessions } from "./browser-sessions.js";
import type { Sessions } from "./sessions.js";

/** What the cloud's handlers work with. */
export interface CloudContext {
  readonly rules: EraRules;
  /** The name under which Meshery Servers know this cloud. */
  readonly remoteName: string;
  readonly users: readonly User[];
  readonly sessions: Sessions;
  readonly browsers: BrowserSessions;
  readonly apiTokens: ApiTokens;
  readonly faults: Faults;
  readonly key: SigningKey;
  readonly now: () => Date;
}
