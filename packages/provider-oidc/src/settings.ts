import type { LoginRequest, OptionValues } from "@meshauth/provider-api";
import { flawOfServerName } from "@meshauth/provider-api/format";
import { readExtra } from "./extra.js";
import { readIssuer } from "./issuer.js";
import { usage } from "./usage.js";

/** How the client proves who it is at the token endpoint. */
export type ClientProof = "none" | "secret" | "key";

/** What every call needs to talk to the server. */
export interface ClientSettings {
  /** The issuer's address. */
  readonly issuer: URL;
  readonly clientId: string;
  readonly proof: ClientProof;
  /** The file that holds the secret or the key; absent: it is in the environment. */
  readonly proofFile?: string;
  /** RFC 8707. */
  readonly resource?: string;
}

/** What only a login needs. */
export interface LoginSettings extends ClientSettings {
  /** Absent: what is usual, and `offline_access` where the server lists it. */
  readonly scope?: string;
  readonly audience?: string;
  readonly prompt?: string;
  readonly loginHint?: string;
  /** Seconds. */
  readonly maxAge?: number;
  readonly extra: Readonly<Record<string, string>>;
  readonly flow: "auto" | "browser" | "device";
  readonly serverName: string;
}

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
    ...readProof(options, env),
    ...present("resource", readResource(textOf(options, "resource"))),
    ...present("scope", textOf(options, "scope")),
    ...present("audience", textOf(options, "audience")),
    ...present("prompt", textOf(options, "prompt")),
    ...present("loginHint", textOf(options, "login-hint")),
    ...(typeof maxAge === "number" ? { maxAge } : {}),
    extra: readExtra(textOf(options, "extra")),
    flow,
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

function readProof(
  options: OptionValues,
  env: Readonly<Record<string, string | undefined>>,
): Pick<ClientSettings, "proof" | "proofFile"> {
  const secretFile = textOf(options, "client-secret-file");
  const keyFile = textOf(options, "client-key-file");
  if (secretFile !== undefined && keyFile !== undefined) {
    throw usage("Both a client secret and a client key are given.", "The server expects one of them.");
  }
  // What is named for this login comes before what happens to be in the environment.
  if (secretFile !== undefined) return { proof: "secret", proofFile: secretFile };
  if (keyFile !== undefined) return { proof: "key", proofFile: keyFile };
  if (env[SECRET_VARIABLE] && env[KEY_VARIABLE]) {
    throw usage(`Both ${SECRET_VARIABLE} and ${KEY_VARIABLE} are set.`, "The server expects one of them.");
  }
  if (env[SECRET_VARIABLE]) return { proof: "secret" };
  return { proof: env[KEY_VARIABLE] ? "key" : "none" };
}

function readResource(text: string | undefined): string | undefined {
  // RFC 8707 section 2: an absolute URI without a fragment.
  if (text === undefined || (URL.canParse(text) && !text.includes("#"))) return text;
  throw usage("The resource cannot be used.", "It has to be an absolute URI without a fragment (RFC 8707).");
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
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
