import { decodeEnvelope } from "../envelope.js";
import type { EraRules } from "../era.js";
import type { Recorded } from "../http/recorded.js";
import type { Session, Sessions } from "./sessions.js";

/**
 * The session of a request's `Authorization: bearer <token>`. In 2021 only the access token is taken;
 * since 2024 the whole one-line token too, which is what Meshery Server sends.
 */
export function authenticate(rules: EraRules, sessions: Sessions, request: Recorded): Session | undefined {
  const value = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (value === undefined) return undefined;
  if (rules.bearer === "access-token") return sessions.active(value);
  const envelope = decodeEnvelope(value);
  return sessions.active(typeof envelope === "string" ? value : envelope.access_token);
}
