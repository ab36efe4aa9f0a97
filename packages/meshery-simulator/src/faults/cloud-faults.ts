import { empty, redirect, text } from "../http/answer.js";
import { body, type FaultRule, failure, hang, page } from "./rule.js";

const PROFILE = /^\/api\/identity\/users\/profile$/;
const REFRESH = /^\/refresh$/;
const REVOKE = /^\/revoke$/;
const INTROSPECT = /^\/introspect$/;
const KEYS = /^\/keys$/;
const CAPABILITIES = /^\/[^/]+\/capabilities$/;
const LOGIN = /^\/consent$/;

/** What can go wrong at the cloud. */
export const CLOUD_FAULTS = {
  "profile-401": { summary: "the profile is refused", paths: PROFILE, answer: failure(401, "unauthorized") },
  "profile-403": { summary: "the profile is forbidden", paths: PROFILE, answer: failure(403, "forbidden") },
  "profile-html": { summary: "the profile is a web page", paths: PROFILE, answer: () => page("Sign in") },
  "profile-empty": { summary: "the profile is an empty 200", paths: PROFILE, answer: body("") },
  "profile-redirect": { summary: "302 to the login page", paths: PROFILE, answer: () => redirect("/login") },
  "profile-503": { summary: "the profile is unavailable", paths: PROFILE, answer: () => text(503, "down\n") },
  "profile-slow": { summary: "no answer about the profile", paths: PROFILE, answer: hang },
  "profile-hostile": { summary: "names carry escape codes and markup", paths: PROFILE },

  "login-drops-path": { summary: "the path of source is lost", paths: LOGIN },
  "login-error": { summary: "error=access_denied with a hostile description", paths: LOGIN },
  "login-no-token": { summary: "the callback has no token", paths: LOGIN },
  "login-token-twice": { summary: "the callback has two tokens", paths: LOGIN },
  "login-padded": { summary: "the token is padded base64", paths: LOGIN },
  "login-url-safe": { summary: "the token is in the URL alphabet", paths: LOGIN },
  "login-raw-plus": { summary: "a + of the token is not encoded", paths: LOGIN },
  "login-bare": { summary: "the token is a bare JWT", paths: LOGIN },
  "login-extra": { summary: "session_cookie comes though it was not asked for", paths: LOGIN },

  "refresh-401": {
    summary: "refreshing is refused",
    paths: REFRESH,
    answer: failure(401, "invalid refresh token"),
  },
  "refresh-500": { summary: "refreshing fails", paths: REFRESH, answer: () => text(500, "failed\n") },
  "refresh-503": { summary: "refreshing is unavailable", paths: REFRESH, answer: () => text(503, "down\n") },
  "refresh-html": { summary: "refreshing answers a web page", paths: REFRESH, answer: () => page("Layer5") },
  "refresh-empty": { summary: "a 200 without a token", paths: REFRESH, answer: body("{}\n") },
  "refresh-blank": { summary: "a 200 with an empty token", paths: REFRESH, answer: body('{"token":""}\n') },
  "refresh-number": { summary: "a 200 with a number", paths: REFRESH, answer: body('{"token":7}\n') },
  "refresh-redirect": {
    summary: "302 to another host",
    paths: REFRESH,
    answer: () => redirect("http://foreign.invalid/refresh"),
  },
  "refresh-slow": { summary: "no answer to a refresh", paths: REFRESH, answer: hang },
  "refresh-lost": { summary: "the token is rotated and the answer is lost", paths: REFRESH },
  "refresh-same": { summary: "the refresh token is kept, not rotated", paths: REFRESH },

  "revoke-500": { summary: "revoking fails", paths: REVOKE, answer: () => text(500, "failed\n") },
  "revoke-404": { summary: "there is no revoking", paths: REVOKE, answer: () => empty(404) },
  "revoke-slow": { summary: "no answer to a revocation", paths: REVOKE, answer: hang },
  "introspect-401": { summary: "no token is active", paths: INTROSPECT, answer: () => empty(401) },
  "introspect-500": {
    summary: "introspection fails",
    paths: INTROSPECT,
    answer: () => text(500, "failed\n"),
  },
  "keys-500": { summary: "the keys are unavailable", paths: KEYS, answer: () => text(500, "failed\n") },
  "keys-x5c": { summary: "a key has an array member", paths: KEYS },
  "capabilities-500": {
    summary: "no capabilities",
    paths: CAPABILITIES,
    answer: () => text(500, "failed\n"),
  },
  "capabilities-html": {
    summary: "capabilities are a web page",
    paths: CAPABILITIES,
    answer: () => page("Layer5"),
  },
  "cloud-503": {
    summary: "the whole cloud is unavailable",
    answer: () => text(503, "Service Unavailable\n"),
  },
  "cloud-html": { summary: "a web page for everything", answer: () => page("Maintenance") },
  "cloud-huge": { summary: "answers that do not end", answer: () => ({ kind: "flood" }) },
  "cloud-slow": { summary: "no answer at all", answer: hang },
  down: { summary: "the cloud closes every connection", answer: () => ({ kind: "close" }) },
} as const satisfies Record<string, FaultRule>;
