import { hasTwoSteps, type InstalledProvider, MeshauthError } from "@meshauth/core";
import type { Interfaces } from "@oclif/core";
import { boolean, custom, integer, string } from "@oclif/core/flags";
import { TARGET_FLAGS, WAIT_FLAGS } from "../base.js";
import { type Defaults, optionFlags } from "../options/flags.js";
import { parseValidity } from "./duration.js";

const providerFlag = (hidden: boolean) =>
  string({
    char: "p",
    description:
      "The provider by id, title, or the name that the Meshery Server uses, or saved settings; case does not matter.",
    helpValue: "NAME",
    hidden,
  });

/** Flags of every login. */
export const LOGIN_FLAGS = {
  provider: providerFlag(false),
  ...TARGET_FLAGS,
  ...WAIT_FLAGS,
  force: boolean({ description: "Replace a valid login of another account without asking." }),
  "own-file": boolean({
    description: "Keep this context's login in a file of its own, so that other contexts keep theirs.",
  }),
  "expect-account": string({
    description: "Fail, and write nothing, when another account signs in.",
    helpValue: "ID|EMAIL",
    parse: async (text) =>
      requireText(text, "--expect-account expects the id or the e-mail address of an account."),
  }),
  "skip-verify": boolean({
    description: "Do not ask the server or the provider who signed in.",
    exclusive: ["expect-account"],
  }),
  explain: boolean({
    description: "Only tell which ways in are open on this machine, and which one would be taken.",
  }),
};

/** The second step of a login that `--start` began. */
export const COMPLETE_FLAG = string({
  description: "Finish the login of this ticket, or tell that nobody has signed in yet.",
  helpValue: "TICKET",
  parse: async (text) => requireText(text, "--complete expects the ticket that --start printed."),
});

/** For providers whose flow goes through a browser. @param token - Whether a token can be pasted, too. */
const browserFlags = (token: boolean): Interfaces.FlagInput => ({
  "no-browser": boolean({ description: "Print the link and open nothing." }),
  port: integer({
    description: "The local port that the browser comes back to.",
    min: 1,
    max: 65_535,
    helpValue: "N",
  }),
  paste: boolean({
    description: `Open nothing, and paste the address of the last page${token ? " or a token" : ""}.`,
  }),
});

/** For providers whose login waits for someone with a link. @param others - The other flags of the provider's login. */
function twoStepFlags(others: Interfaces.FlagInput): Interfaces.FlagInput {
  return {
    start: boolean({
      description: "Print the link and a ticket, and leave; the login goes on without a terminal.",
      exclusive: ["complete", "explain", ...["token-stdin", "paste"].filter((name) => name in others)],
    }),
    complete: COMPLETE_FLAG,
  };
}

/** For commands that hand out a token. */
export const MIN_VALIDITY_FLAG = {
  "min-validity": custom<number>({
    description: "How long the token has to be valid from now on, such as 90s or 10m; 5m if not given.",
    helpValue: "TIME",
    parse: async (text) => parseValidity(text),
  })(),
};

const TOKEN_FLAG = {
  "token-stdin": boolean({ description: "Take a token from standard input." }),
};

/** All flags of `login <id>`, by the provider's declaration. @param saved - Come before environment variables. */
export function flagsOf({ entry }: InstalledProvider, saved: Defaults = {}): Interfaces.FlagInput {
  const token = entry.flows.includes("paste");
  const ways = {
    ...(entry.flows.includes("browser") ? browserFlags(token) : {}),
    ...(token ? TOKEN_FLAG : {}),
  };
  return {
    ...optionFlags(entry.options, saved),
    ...ways,
    ...(hasTwoSteps(entry) ? twoStepFlags(ways) : {}),
    ...LOGIN_FLAGS,
    provider: providerFlag(true),
  };
}

/** Names of all flags that take a value, with their one-letter forms, over every provider. */
export function valueFlags(providers: readonly InstalledProvider[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const flags of [
    LOGIN_FLAGS,
    ...providers.map((installed) => flagsOf(installed)),
  ] as readonly Interfaces.FlagInput[]) {
    for (const [name, { type, char }] of Object.entries(flags)) {
      if (type !== "option") continue;
      names.add(`--${name}`);
      if (char) names.add(`-${char}`);
    }
  }
  return names;
}

/** @throws MeshauthError `MESHAUTH_E_USAGE` for a value that is empty, as of a variable that is not set. */
function requireText(text: string, message: string): string {
  if (text.trim() !== "") return text;
  throw new MeshauthError("MESHAUTH_E_USAGE", { message, why: "The value is empty." });
}
