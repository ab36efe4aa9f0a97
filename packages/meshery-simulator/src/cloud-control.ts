import type { ApiTokens } from "./cloud/api-tokens.js";
import type { Sessions } from "./cloud/sessions.js";
import { decodeEnvelope } from "./envelope.js";
import type { CloudControl } from "./types.js";
import { findUser, type User } from "./users.js";

/** The cloud's side that tests hold on to. */
export function cloudControl(parts: {
  readonly sessions: Sessions;
  readonly apiTokens: ApiTokens;
  readonly users: readonly User[];
}): CloudControl {
  const { apiTokens, sessions, users } = parts;
  const userOf = (key: string | undefined): User => {
    const user = key === undefined ? users[0] : findUser(users, key);
    if (!user) throw new TypeError(`no such user: ${key}`);
    return user;
  };
  return {
    users,
    reuses: sessions.reuses,
    refreshes: () => sessions.refreshes(),
    issueToken: ({ user, ...wanted } = {}) => sessions.issue(userOf(user), wanted).token,
    apiToken({ user, name = "simulator", bare = false } = {}) {
      const made = apiTokens.create(userOf(user), name, "made by the simulator");
      return bare ? made.accessToken : made.token;
    },
    revoke(token) {
      const session = sessions.find(token);
      if (session) session.ended = true;
      return session !== undefined;
    },
    isActive(token) {
      const envelope = decodeEnvelope(token);
      return sessions.active(typeof envelope === "string" ? token : envelope.access_token) !== undefined;
    },
    isEnded: (token) => sessions.find(token)?.ended ?? true,
    userOf: (token) => sessions.find(token)?.user,
  };
}
