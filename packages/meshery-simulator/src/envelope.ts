/** A token as Go's `oauth2.Token` spells it in JSON. */
export interface Envelope {
  readonly access_token: string;
  readonly token_type: string;
  readonly refresh_token?: string;
  /** RFC 3339, UTC, with nanoseconds. */
  readonly expiry?: string;
}

/** The one-line form: unpadded standard base64 of the envelope's JSON. */
export function encodeEnvelope(envelope: Envelope): string {
  return Buffer.from(JSON.stringify(envelope)).toString("base64").replace(/=+$/, "");
}

/** Why a string is no envelope. */
export type NotAnEnvelope = "not-base64" | "not-json";

/**
 * Reads the one-line form as strictly as Go's `base64.RawStdEncoding` does: padding or the URL alphabet is
 * `not-base64`. An envelope without `access_token` has an empty one.
 */
export function decodeEnvelope(text: string): Envelope | NotAnEnvelope {
  if (!/^[A-Za-z0-9+/]+$/.test(text) || text.length % 4 === 1) return "not-base64";
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, "base64").toString("utf8"));
  } catch {
    return "not-json";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "not-json";
  const member = (name: string): string | undefined => {
    const found: unknown = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    return typeof found === "string" ? found : undefined;
  };
  const refresh = member("refresh_token");
  const expiry = member("expiry");
  return {
    access_token: member("access_token") ?? "",
    token_type: member("token_type") ?? "",
    ...(refresh === undefined ? {} : { refresh_token: refresh }),
    ...(expiry === undefined ? {} : { expiry }),
  };
}
