import { randomUUID } from "node:crypto";
import { decodeEnvelope } from "../envelope.js";
import type { User } from "../users.js";
import type { Session, Sessions } from "./sessions.js";

/** A token that a person made for a program: it does not expire and cannot be refreshed. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly user: User;
  readonly session: Session;
  /** The JWT, without `exp`. */
  readonly accessToken: string;
  /** The one-line form. */
  readonly token: string;
  readonly createdAt: Date;
}

export interface ApiTokens {
  create(user: User, name: string, purpose: string): ApiToken;
  /** Those of a user, oldest first. */
  of(user: User): readonly ApiToken[];
  /** Deletes a user's token, which ends it. @returns whether there was one. */
  delete(user: User, id: string): boolean;
}

export function createApiTokens(sessions: Sessions, now: () => Date): ApiTokens {
  const tokens = new Map<string, ApiToken>();
  const of = (user: User): ApiToken[] => [...tokens.values()].filter((token) => token.user.id === user.id);
  return {
    of,
    create(user, name, purpose) {
      const { token, session } = sessions.issue(user, { noExp: true, noRefresh: true });
      const envelope = decodeEnvelope(token);
      const accessToken = typeof envelope === "string" ? token : envelope.access_token;
      const made = { id: randomUUID(), name, purpose, user, session, accessToken, token, createdAt: now() };
      tokens.set(made.id, made);
      return made;
    },
    delete(user, id) {
      const found = of(user).find((token) => token.id === id);
      if (!found) return false;
      found.session.ended = true;
      return tokens.delete(id);
    },
  };
}
