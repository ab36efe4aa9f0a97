import { randomBytes } from "node:crypto";
import { deleteCookie, setCookie } from "../http/cookies.js";
import type { Recorded } from "../http/recorded.js";
import type { User } from "../users.js";

const COOKIE = "meshery_session";

/** Who is signed in at the cloud's own pages, by browser. */
export interface BrowserSessions {
  user(request: Recorded): User | undefined;
  /** Starts a session. @returns its `Set-Cookie` header. */
  start(user: User): readonly [string, string];
  /** Ends the session of the request. @returns the `Set-Cookie` header that deletes the cookie. */
  end(request: Recorded): readonly [string, string];
}

/** @param standing - Who counts as signed in when a browser brings no session, until it signs out. */
export function createBrowserSessions(standing: User | undefined): BrowserSessions {
  const users = new Map<string, User>();
  let fallback = standing;
  return {
    user: (request) => users.get(request.cookies.get(COOKIE) ?? "") ?? fallback,
    start(user) {
      const id = randomBytes(16).toString("base64url");
      users.set(id, user);
      return setCookie(COOKIE, id);
    },
    end(request) {
      users.delete(request.cookies.get(COOKIE) ?? "");
      fallback = undefined;
      return deleteCookie(COOKIE);
    },
  };
}
