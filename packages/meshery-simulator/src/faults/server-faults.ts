import { empty, redirect, text } from "../http/answer.js";
import { body, type FaultRule, failure, hang, page } from "./rule.js";

const PROVIDERS = /^\/api\/providers$/;
const TOKEN = /^\/api\/token$/;
const USER = /^\/api\/(user|identity\/users\/profile)$/;
/** The routes that need a login. */
const SESSION = /^\/api\/(token|user|identity\/users\/profile|system\/sync|provider\/capabilities)$/;

/** What can go wrong at the Meshery Server. */
export const SERVER_FAULTS = {
  "providers-html": {
    summary: "the provider list is a web page",
    paths: PROVIDERS,
    answer: () => page("Meshery"),
  },
  "providers-empty": { summary: "the provider list is an empty 200", paths: PROVIDERS, answer: body("") },
  "providers-none": { summary: "the provider list has no entry", paths: PROVIDERS, answer: body("{}\n") },
  "providers-array": { summary: "the provider list is an array", paths: PROVIDERS, answer: body("[]\n") },
  "providers-torn": {
    summary: "the provider list ends in the middle",
    paths: PROVIDERS,
    answer: body('{"Layer5":{"provider_type":"rem'),
  },
  "providers-slow": { summary: "no answer about providers", paths: PROVIDERS, answer: hang },
  "providers-500": {
    summary: "the provider list fails",
    paths: PROVIDERS,
    answer: () => text(500, "failed\n"),
  },
  "providers-unprobed": {
    summary: "remotes have not been reached yet: named by their host",
    paths: PROVIDERS,
  },
  "providers-hostile": { summary: "names and descriptions carry escape codes and markup", paths: PROVIDERS },

  "token-html": { summary: "/api/token is a web page", paths: TOKEN, answer: () => page("Sign in") },
  "token-empty": { summary: "/api/token is an empty 200", paths: TOKEN, answer: body("") },
  "token-json-error": {
    summary: "/api/token is a 200 with a JSON error",
    paths: TOKEN,
    answer: failure(200, "failed to extract token"),
  },
  "token-not-object": { summary: "/api/token is an array", paths: TOKEN, answer: body('["token"]\n') },
  "token-number": {
    summary: "/api/token has a number for a token",
    paths: TOKEN,
    answer: body('{"meshery-provider":"Layer5","token":42}\n'),
  },
  "token-null": {
    summary: "/api/token has null for a token",
    paths: TOKEN,
    answer: body('{"meshery-provider":"Layer5","token":null}\n'),
  },
  "token-torn": {
    summary: "/api/token ends in the middle",
    paths: TOKEN,
    answer: body('{"meshery-provider":"Layer5","tok'),
  },
  "token-slow": { summary: "no answer about the token", paths: TOKEN, answer: hang },
  "token-wrong-name": { summary: "/api/token names another provider", paths: TOKEN },
  "token-blank": { summary: "/api/token has an empty token for a remote provider", paths: TOKEN },

  "user-html": { summary: "/api/user is a web page", paths: USER, answer: () => page("Meshery") },
  "user-empty": { summary: "/api/user is an empty 200", paths: USER, answer: body("") },
  "user-json-error": {
    summary: "/api/user is a 200 with a JSON error",
    paths: USER,
    answer: failure(200, "failed to get user"),
  },
  "user-slow": { summary: "no answer about the user", paths: USER, answer: hang },

  "redirect-provider": {
    summary: "302 to the chooser",
    paths: SESSION,
    answer: ({ request }) => redirect(`/provider?${request.query}`),
  },
  "redirect-auth-login": {
    summary: "302 to /auth/login",
    paths: SESSION,
    answer: ({ request }) => redirect(`/auth/login?${request.query}`),
  },
  "redirect-login": {
    summary: "302 to the cloud's login",
    paths: SESSION,
    answer: ({ cloudUrl }) => redirect(`${cloudUrl}/login?source=aHR0cDovL2xvY2FsaG9zdDox`),
  },
  "redirect-foreign": {
    summary: "302 to another host",
    paths: SESSION,
    answer: () => redirect("http://foreign.invalid/collect"),
  },
  "redirect-self": {
    summary: "302 to the same address, for ever",
    paths: SESSION,
    answer: ({ request }) => redirect(request.target),
  },
  "503": {
    summary: "503 with a JSON error",
    paths: SESSION,
    answer: failure(503, "remote provider is unreachable"),
  },
  "401-json": { summary: "401 with a JSON error", paths: SESSION, answer: failure(401, "session expired") },
  "404-empty": { summary: "404 without a body", paths: SESSION, answer: () => empty(404) },
  "set-cookie-new": { summary: "the server renews the token and sends it as a cookie", paths: SESSION },
  "set-cookie-empty": { summary: "the server deletes the token cookie", paths: SESSION },

  "500-text": { summary: "500 with plain text", answer: () => text(500, "Internal Server Error\n") },
  "500-json": { summary: "500 with a JSON error", answer: failure(500, "internal error") },
  "200-html": { summary: "a web page for everything", answer: () => page("It works!") },
  "200-empty": { summary: "an empty 200 for everything", answer: body("") },
  "close-connection": {
    summary: "connections are closed without an answer",
    answer: () => ({ kind: "close" }),
  },
  truncated: { summary: "answers end before their announced length", answer: () => ({ kind: "truncate" }) },
  "huge-body": { summary: "answers that do not end", answer: () => ({ kind: "flood" }) },
  drip: { summary: "answers of one byte a second", answer: () => ({ kind: "drip" }) },
  slow: { summary: "no answer at all", answer: hang },
} as const satisfies Record<string, FaultRule>;
