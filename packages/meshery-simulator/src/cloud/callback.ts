import { randomBytes } from "node:crypto";
import { HOSTILE_TEXT } from "../hostile.js";
import type { Recorded } from "../http/recorded.js";
import type { User } from "../users.js";
import type { CloudContext } from "./context.js";
import { addQuery, type LoginTarget } from "./source.js";

/** A login that a person has decided about. */
export interface DecidedLogin {
  readonly request: Recorded;
  readonly user: User;
  readonly target: LoginTarget;
  /** The query with which the login page was opened. */
  readonly query: URLSearchParams;
  readonly allowed: boolean;
}

/**
 * The address that the browser is sent to at the end of a login: `source` with `token` added; a Meshery
 * Server, which announces its own version, gets `session_cookie` and its `ref` too.
 */
export function callbackAddress(context: CloudContext, login: DecidedLogin): string {
  const { faults, sessions } = context;
  const { request, query, target } = login;
  const struck = (name: Parameters<typeof faults.strikes>[0]): boolean => faults.strikes(name, request);
  const address = struck("login-drops-path") ? `${target.source.origin}/` : target.address;
  const add = (parameters: readonly string[]): string => addQuery(address, parameters.join("&"));

  if (struck("login-error")) {
    return add(["error=access_denied", `error_description=${encodeURIComponent(HOSTILE_TEXT)}`]);
  }
  if (!login.allowed) {
    return add(["error=access_denied", "error_description=The%20request%20was%20denied."]);
  }

  const rawPlus = struck("login-raw-plus");
  const urlSafe = struck("login-url-safe");
  let { token } = sessions.issue(login.user, { plus: rawPlus || urlSafe, bare: struck("login-bare") });
  if (struck("login-padded")) token += "=".repeat((4 - (token.length % 4)) % 4) || "=";
  if (urlSafe) token = token.replaceAll("+", "-").replaceAll("/", "_");
  const encoded = rawPlus ? token : encodeURIComponent(token);

  const parameters = struck("login-no-token") ? [] : [`token=${encoded}`];
  if (struck("login-token-twice")) parameters.push(`token=${encoded}`);
  const forServer = query.has("meshery_version");
  if (forServer || struck("login-extra")) {
    parameters.push(`session_cookie=${randomBytes(24).toString("base64url")}`);
  }
  const ref = query.get("ref");
  if (ref !== null) parameters.push(`ref=${encodeURIComponent(ref)}`);
  return add(parameters);
}
