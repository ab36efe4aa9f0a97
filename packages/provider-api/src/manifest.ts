/** The way in which a provider obtains a credential. */
export type Flow = "browser" | "device" | "paste" | "file" | "local";

/** Every {@link Flow}. */
export const FLOWS: readonly Flow[] = ["browser", "device", "paste", "file", "local"];

/**
 * What a provider package says about itself in its `package.json`, under the key `meshauth`. It is
 * read without running any code of the package.
 *
 * @example
 * {"meshauth": {"api": "1.0", "providers": [{"id": "acme", "title": "Acme", "summary": "Sign in at
 *  Acme", "module": "./dist/index.js", "flows": ["browser"], "hosts": ["https://login.acme.example"]}]}}
 */
export interface ProviderManifest {
  /** The contract that the package was written for: `"<major>.<minor>"`. */
  readonly api: string;
  readonly providers: readonly ProviderEntry[];
}

/** One provider of a package. */
export interface ProviderEntry {
  /** What is typed: `meshauth login <id>`. `^[a-z][a-z0-9-]{0,31}$`. */
  readonly id: string;
  /** The name for people: `"Layer5"`. At most 40 characters. */
  readonly title: string;
  /** What choosing it means, in one line of at most 120 characters. */
  readonly summary: string;
  /** The module whose default export is the {@link Provider}, relative to the package. */
  readonly module: `./${string}`;
  /** At least one. */
  readonly flows: readonly Flow[];
  /** Names in `auth.json` that this provider answers to: `["Layer5", "Meshery"]`. */
  readonly serverNames?: readonly string[];
  /** Origins that it talks to, such as `"https://cloud.layer5.io"`; `"configured"` for one that the user gives. */
  readonly hosts?: readonly string[];
  /** Options of its own. Each becomes a flag (or the argument) of `login <id>`, with help and completion. */
  readonly options?: readonly OptionSpec[];
}

/** The manifest's description of one option. */
export interface OptionSpec {
  /** The flag's name without dashes: `^[a-z][a-z0-9-]{0,31}$`. */
  readonly name: string;
  /**
   * `url` is an absolute http or https address; `file` is a path, or `-` for standard input;
   * `integer` is a whole number.
   */
  readonly type: "string" | "boolean" | "integer" | "url" | "file";
  /** One line of help. */
  readonly summary: string;
  /** Taken as the command's argument instead of as a flag. At most one option of a provider. */
  readonly argument?: boolean;
  /** Without it the login fails: nobody is asked for it. */
  readonly required?: boolean;
  /** What stands for the value in help: `"URL"`. */
  readonly placeholder?: string;
  /** An environment variable that gives the value when the flag is absent. */
  readonly env?: string;
  /** The only values allowed. */
  readonly values?: readonly string[];
  /** Bounds of an `integer`, both included. */
  readonly min?: number;
  readonly max?: number;
}

/** Ids and option names: a lower-case letter, then letters, digits and hyphens, 32 characters at most. */
export const NAME_PATTERN: RegExp = /^[a-z][a-z0-9-]{0,31}$/;
