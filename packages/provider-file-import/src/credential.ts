import type {
  Credential,
  Host,
  OAuth2Credential,
  ServerProvider,
  TokenCredential,
} from "@meshauth/provider-api";
import { encodeEnvelope, isJsonError, parseToken, storedToken } from "@meshauth/provider-api/format";
import type { Content } from "./content.js";
import type { TokenRecord } from "./record.js";
import { refusal } from "./refusal.js";

/** What a credential is made with. */
export interface Making {
  readonly serverName: string;
  /** The source's name for messages. */
  readonly source: string;
  readonly host: Host;
  /** What the Meshery Server lists; `undefined` when it is not there to be asked. */
  readonly listed: readonly ServerProvider[] | undefined;
}

/** Makes a credential of what was read. @throws {@link ProviderError} `input` */
export async function toCredential(content: Content, making: Making): Promise<Credential> {
  if ("record" in content) return fromRecord(content.record, making);
  requireToken(content.token, making);
  // Stored as it came: whoever minted it knows it in this form.
  return {
    kind: "token",
    serverName: making.serverName,
    token: content.token,
    ...membersOf(content),
  };
}

/** The members beyond the two that Meshery knows, where there are any. */
export function membersOf(content: Content): Pick<Credential, "members"> {
  return content.shape === "map" && Object.keys(content.members).length > 0
    ? { members: content.members }
    : {};
}

/**
 * A record comes without a stored form, so one has to be chosen.
 *
 * With a refresh token only a token envelope holds both. Without one it is an API token, and the bare
 * token is what the cloud issued and can look up when a Meshery Server passes it on as `X-API-Key`. Servers
 * before 2026 cannot read a bare token, though, and take the same JWT in an envelope: where the server that
 * is there turns the one down and takes the other, the other it is.
 */
async function fromRecord(record: TokenRecord, making: Making): Promise<Credential> {
  const { serverName, host } = making;
  const { accessToken, refreshToken, expiry } = record;
  const form = requireToken(accessToken, making);
  const bare: TokenCredential = { kind: "token", serverName, token: accessToken };
  if (form === "envelope") return bare;
  const envelope: OAuth2Credential = {
    kind: "oauth2",
    serverName,
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(expiry === undefined ? {} : { expiry }),
  };
  requireEncodable(envelope, making);
  if (refreshToken !== undefined || expiry !== undefined) return envelope;
  if (form !== "jwt" || making.listed === undefined) return bare;
  const accepts = async (token: string) => (await host.server.user({ serverName, token })).kind === "ok";
  return !(await accepts(accessToken)) && (await accepts(storedToken(envelope))) ? envelope : bare;
}

function requireToken(token: string, { source, host }: Making): "envelope" | "jwt" | "opaque" {
  host.secret(token);
  const found = parseToken(token);
  if (found.form === "invalid") throw refusal(source, `its token is refused: ${found.reason}`);
  if (found.form === "opaque" && found.warning !== undefined)
    host.report({ type: "warning", message: found.warning });
  return found.form;
}

function requireEncodable(credential: OAuth2Credential, { source, host }: Making): void {
  try {
    host.secret(encodeEnvelope(credential));
  } catch (error) {
    if (isJsonError(error)) throw refusal(source, `its token is refused: ${error.reason}`, [], error);
    throw error;
  }
}
