import { ALWAYS_CASES } from "./always.js";
import { BROWSER_CASES } from "./browser.js";
import type { Case } from "./case.js";
import { IDENTIFY_CASES } from "./identify.js";
import { LOGIN_CASES } from "./login.js";
import { OPTION_CASES } from "./options.js";
import { PACKAGE_CASES } from "./package.js";
import { REFRESH_CASES } from "./refresh.js";
import { REVOKE_CASES } from "./revoke.js";
import { SERVER_CASES } from "./servers.js";
import { STOPPED_CASES } from "./stopped.js";
import { TOKEN_CASES } from "./token.js";

/** Every case, in the order in which they are run. */
export const CASES: readonly Case[] = [
  ...PACKAGE_CASES,
  ...LOGIN_CASES,
  ...STOPPED_CASES,
  ...SERVER_CASES,
  ...BROWSER_CASES,
  ...TOKEN_CASES,
  ...OPTION_CASES,
  ...REFRESH_CASES,
  ...REVOKE_CASES,
  ...IDENTIFY_CASES,
  ...ALWAYS_CASES,
];
