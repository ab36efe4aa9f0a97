import { encodeEnvelope } from "./envelope.js";
import { inspectToken } from "./inspect.js";
import { parseToken } from "./token.js";

/**
 * Whether a token that a Meshery Server gave back is a later one than the token that it was sent: another one
 * in a form that is understood, an envelope or a JWT, which does not end before the one that was sent.
 *
 * This machine's clock has no say in it. Were it ahead, a renewed token would look expired, and the refresh
 * token that the server has used up already would be presented once more.
 */
export function isLater(token: string, sent: string): boolean {
  const { form } = parseToken(token);
  if (form !== "envelope" && form !== "jwt") return false;
  const [found, old] = [inspectToken(token), inspectToken(sent)];
  if (found.accessToken === old.accessToken) return false;
  const [end, oldEnd] = [found.expiresAt, old.expiresAt];
  return end === undefined || oldEnd === undefined || end.getTime() >= oldEnd.getTime();
}

/**
 * Makes what is stored of a renewed token. Where no new refresh token came with it the one that was used
 * stays good (RFC 6749 section 6), and is kept with it.
 *
 * @param renewed - An envelope or a JWT by itself.
 * @param old - The token that was renewed.
 * @throws {@link JsonError} for parts that make no token envelope.
 */
export function withRefreshToken(renewed: string, old: string): string {
  const { refreshToken } = inspectToken(old);
  const found = parseToken(renewed);
  if (refreshToken === undefined) return renewed;
  if (found.form === "envelope") {
    return found.refreshToken === undefined ? encodeEnvelope({ ...found, refreshToken }) : renewed;
  }
  const { expiresAt } = inspectToken(renewed);
  const expiry = expiresAt === undefined ? {} : { expiry: expiresAt.toISOString() };
  return encodeEnvelope({ accessToken: renewed, refreshToken, ...expiry });
}
