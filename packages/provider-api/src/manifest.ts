/** The way in which a provider obtains a credential. */
export type Flow =
  /**
   * A page of the provider sends the browser back to this machine (RFC 8252). `login` gains `--no-browser`, `--port`,
   * `--paste`, `--start` and `--complete`; off a terminal it needs `--no-browser`, `--start` or a program that opens
   * links.
   */
  | "browser"
  /** The person enters a code on another device, while the provider is asked again and again (RFC 8628). */
  | "device"
  /** The person gives a token. `login` gains `--token-stdin`. */
  | "paste"
  /** The credential is in a file. */
  | "file"
  /** There is no account. */
  | "local";

/** Every {@link Flow}. */
export const FLOWS: readonly Flow[] = ["browser", "device", "paste", "file", "local"];

/**
 * What a provider package says about itself in its `package.json`, under the key `meshauth`. It is
 * read without running any code of the package.
 *
 * A `package.json` of more than 1 MiB is not read, no list in it may have more than 32 members, and texts for people
 * have no control characters and none of `<% %>`, backquote, `$` and backslash. Members that are not known are ignored.
 *
 * @example
 * ```json
 * {
 *   "meshauth": {
 *     "api": "1.0",
 *     "providers": [
 *       {
 *         "id": "acme",
 *         "title": "Acme",
 *         "summary": "Sign in at Acme",
 *         "module": "./dist/index.js",
 *         "flows": ["browser"],
 *         "serverNames": ["Acme"],
 *         "hosts": ["https://login.acme.example"]
 *       }
 *     ]
 *   }
 * }
 * ```
 */
export interface ProviderManifest {
  /** The contract that the package was written for: `"<major>.<minor>"`. */
  readonly api: string;
  /** At least one. Each has an id of its own. */
  readonly providers: readonly ProviderEntry[];
}

/** One provider of a package. */
export interface ProviderEntry {
  /**
   * What is typed: `meshauth login <id>`. {@link NAME_PATTERN}. An id, a title or a server's name that belongs to
   * another package, or that may be taken for a built-in one, is refused.
   */
  readonly id: string;
  /** The name for people: `"Layer5"`. At most 40 characters. */
  readonly title: string;
  /** What choosing it means, in one line of at most 120 characters. */
  readonly summary: string;
  /**
   * The module whose default export is the {@link Provider}: a `.js`, `.mjs` or `.cjs` file inside the package. It has
   * 10 s to load.
   */
  readonly module: `./${string}`;
  /** At least one {@link Flow}. */
  readonly flows: readonly Flow[];
  /**
   * Names in `auth.json` that this provider answers to: `["Layer5", "Meshery"]`. Without them it is not found again
   * for a credential that another tool wrote.
   */
  readonly serverNames?: readonly string[];
  /**
   * Origins that it talks to, such as `"https://cloud.layer5.io"`; `"configured"` for one that the user gives. They are
   * shown before the package is installed. They are a declaration: nothing keeps its code from talking to others.
   */
  readonly hosts?: readonly string[];
  /** Options of its own. Each becomes a flag (or the argument) of `login <id>`, with help and completion. */
  readonly options?: readonly OptionSpec[];
}

/** The manifest's description of one option. */
export interface OptionSpec {
  /**
   * The flag's name without dashes: {@link NAME_PATTERN}, and none of the flags that logins have anyway: `c`,
   * `complete`, `config`, `context`, `expect-account`, `explain`, `force`, `h`, `help`, `json`, `no-browser`,
   * `no-color`, `no-input`, `own-file`, `p`, `paste`, `port`, `provider`, `server`, `skip-verify`, `start`, `timeout`
   * and `token-stdin`. One that is called `name` cannot be saved by `provider configure`.
   */
  readonly name: string;
  /**
   * What a value is: `url` is an absolute http or https address; `file` is a path, or `-` for standard input; `integer`
   * is a whole number. A `boolean` is a flag without a value. What does not fit is refused before the provider runs.
   */
  readonly type: "string" | "boolean" | "integer" | "url" | "file";
  /** One line of help, of at most 120 characters. */
  readonly summary: string;
  /** Taken as the command's argument instead of as a flag. At most one option of a provider, and no `boolean`. */
  readonly argument?: boolean;
  /** On a terminal meshauth asks for it, with `summary` as the question; elsewhere the login fails. Not for a `boolean`. */
  readonly required?: boolean;
  /** What stands for the value in help, in capitals: `"URL"`. */
  readonly placeholder?: string;
  /** An environment variable, in capitals, that gives the value when the flag is absent. */
  readonly env?: string;
  /** The only values allowed, for a `string`: words of letters, digits and `. _ : / @ + -`. */
  readonly values?: readonly string[];
  /** The least value of an `integer`. */
  readonly min?: number;
  /** The greatest value of an `integer`. */
  readonly max?: number;
}

/** Ids and option names, `^[a-z][a-z0-9-]{0,31}$`: a small letter, then small letters, digits and hyphens. */
export const NAME_PATTERN: RegExp = /^[a-z][a-z0-9-]{0,31}$/;
