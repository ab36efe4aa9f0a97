import type { LoginRequest, OptionValues } from "@meshauth/provider-api";
import { flawOfServerName } from "@meshauth/provider-api/format";
import { readExtra } from "./extra.js";
import { readIssuer } from "./issuer.js";
import { usage } from "./usage.js";

/**
 * How the client proves who it is at the token endpoint (OpenID Connect Core section 9). `client_secret`: with its secret,
 * in the way that the server lists.
 */
export type ClientAuth =
  | "none"
  | "client_secret"
  | "client_secret_basic"
  | "client_secret_post"
  | "private_key_jwt";

/** What every call needs to talk to the server. */
export interface ClientSettings {
  /** The issuer's address. */
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientAuth: ClientAuth;
  /** The file that holds the secret or the key; absent: it is in the environment. */
  readonly proofFile?: string;
  /** RFC 8707. */
  readonly resource?: string;
  /** Absent: what is usual, and `offline_access` where the server lists it. */
  readonly scope?: string;
}

/** What only a login needs. */
export interface LoginSettings extends ClientSettings {
  readonly audience?: string;
  readonly prompt?: string;
  readonly loginHint?: string;
  /** Seconds. */
  readonly maxAge?: number;
  readonly extra: Readonly<Record<string, string>>;
  readonly flow: "auto" | "browser" | "device";
  /** As it is registered, with a port or without. */
  readonly redirectUri: string;
  readonly serverName: string;
  readonly tokenForm: "envelope" | "access-token";
}

/** What to register where nothing else is: RFC 8252 section 7.3. */
const REDIRECT_URI = "http://127.0.0.1/callback";

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Some are kept beside the credential, which has room for so many characters. */
const LONGEST = 2_048;

/** The variables that hold what is never an argument. */
export const SECRET_VARIABLE = "MESHAUTH_OIDC_CLIENT_SECRET";
export const KEY_VARIABLE = "MESHAUTH_OIDC_CLIENT_KEY";

/** Reads what a person asked for. @throws {@link ProviderError} `usage` */
export function readSettings(
  { options, serverName }: Pick<LoginRequest, "options" | "serverName">,
  env: Readonly<Record<string, string | undefined>>,
): LoginSettings {
  const issuer = readIssuer(textOf(options, "issuer") ?? "");
  const clientId = textOf(options, "client-id");
  if (clientId === undefined) throw usage("The client is missing.", "The server knows a program by its id.");
  const { "max-age": maxAge } = options;
  const flow = textOf(options, "flow") ?? "auto";
  if (flow !== "auto" && flow !== "browser" && flow !== "device")
    throw usage("This is no flow.", `"${flow}"`);
  const settings = {
    issuer,
    clientId,
    ...readClientAuth(options, env),
    ...present("resource", readResource(textOf(options, "resource"))),
    ...present("scope", textOf(options, "scope")),
    ...present("audience", textOf(options, "audience")),
    ...present("prompt", textOf(options, "prompt")),
    ...present("loginHint", textOf(options, "login-hint")),
    ...(typeof maxAge === "number" ? { maxAge } : {}),
    extra: readExtra(textOf(options, "extra")),
    flow,
    tokenForm: textOf(options, "token-form") === "access-token" ? "access-token" : "envelope",
    redirectUri: readRedirect(textOf(options, "redirect-uri") ?? REDIRECT_URI),
    serverName: readName(textOf(options, "provider-name") ?? serverName ?? issuer.host),
  } as const;
  if (flow === "device" && onlyInBrowser(settings)) {
    throw usage(
      "--prompt, --login-hint and --max-age need the browser.",
      "RFC 8628 has no place for them in a sign-in with a code.",
    );
  }
  return settings;
}

/** Whether something was asked for that only an authorization request can carry. */
export function onlyInBrowser(settings: Pick<LoginSettings, "prompt" | "loginHint" | "maxAge">): boolean {
  const { prompt, loginHint, maxAge } = settings;
  return prompt !== undefined || loginHint !== undefined || maxAge !== undefined;
}

const FILES = { secret: "client-secret-file", key: "client-key-file" } as const;
const VARIABLES = { secret: SECRET_VARIABLE, key: KEY_VARIABLE } as const;

/** What is named for this login comes before what happens to be in the environment. */
function readClientAuth(
  options: OptionValues,
  env: Readonly<Record<string, string | undefined>>,
): Pick<ClientSettings, "clientAuth" | "proofFile"> {
  const given = textOf(options, "client-auth") as ClientAuth | undefined;
  if (given === "none") return { clientAuth: given };
  const [secretFile, keyFile] = [textOf(options, FILES.secret), textOf(options, FILES.key)];
  if (secretFile !== undefined && keyFile !== undefined) {
    throw usage("Both a client secret and a client key are given.", "The server expects one of them.");
  }
  if (given !== undefined) {
    const kind = given === "private_key_jwt" ? "key" : "secret";
    const other = kind === "key" ? secretFile : keyFile;
    if (other !== undefined) {
      throw usage(`--client-auth ${given} needs another file.`, `It takes --${FILES[kind]}.`);
    }
    const file = textOf(options, FILES[kind]);
    if (file === undefined && !env[VARIABLES[kind]]) {
      throw usage(
        `The client's ${kind} is missing.`,
        `--client-auth ${given} takes --${FILES[kind]} or ${VARIABLES[kind]}.`,
      );
    }
    return { clientAuth: given, ...present("proofFile", file) };
  }
  if (secretFile !== undefined) return { clientAuth: "client_secret", proofFile: secretFile };
  if (keyFile !== undefined) return { clientAuth: "private_key_jwt", proofFile: keyFile };
  if (env[SECRET_VARIABLE] && env[KEY_VARIABLE]) {
    throw usage(`Both ${SECRET_VARIABLE} and ${KEY_VARIABLE} are set.`, "The server expects one of them.");
  }
  if (env[SECRET_VARIABLE]) return { clientAuth: "client_secret" };
  return { clientAuth: env[KEY_VARIABLE] ? "private_key_jwt" : "none" };
}

function readResource(text: string | undefined): string | undefined {
  // RFC 8707 section 2: an absolute URI without a fragment.
  if (text === undefined || (URL.canParse(text) && !text.includes("#"))) return text;
  throw usage("The resource cannot be used.", "It has to be an absolute URI without a fragment (RFC 8707).");
}

/** What the host refuses later, too: but a sign-in with a code would not come to that. */
function readRedirect(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" && LOOPBACK.has(url.hostname) && !/[?#@]/.test(text)) return text;
  throw usage(
    "The redirect address cannot be used.",
    "It has to be plain http to localhost, 127.0.0.1 or [::1], and have no query.",
    "Give an address such as http://127.0.0.1/callback.",
  );
}

function readName(name: string): string {
  const flaw = flawOfServerName(name);
  if (flaw === undefined) return name;
  throw usage(
    "The name of the provider cannot be stored.",
    `The name ${flaw}. --provider-name sets another.`,
  );
}

function textOf(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  if (typeof value !== "string" || value.trim() === "") return undefined;
  if (value.length > LONGEST)
    throw usage(`The value of ${name} is too long.`, `It has ${value.length} characters.`);
  return value;
}

function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
