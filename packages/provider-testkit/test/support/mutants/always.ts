import { before, type Change, type Mutant, mutant } from "./mutant.js";

/** What the token flavour does once it has a token. */
const VERIFY = "    await whoIs(token, origin, host);";
/** The beginning of what the browser flavour does with a token response. */
const SIGNATURE = "function tokens({ access_token: accessToken, refresh_token: refreshToken }) {";
const atImport = (line: string): Change => before("export default", line);
const atLogin = (line: string): Change => before(VERIFY, line);

/** Mistakes that have nothing to do with what comes of a call. */
export const ALWAYS_MUTANTS: readonly Mutant[] = [
  mutant(
    "token",
    "always.prints-nothing",
    "prints while it is loaded",
    atImport('console.log("Welcome to Quay");'),
  ),
  mutant(
    "token",
    "always.prints-nothing",
    "prints past the streams",
    atLogin('(await import("node:fs")).writeSync(2, "x");'),
  ),
  mutant(
    "token",
    "always.writes-nothing",
    "keeps a file of its own",
    atLogin(`(await import("node:fs")).writeFileSync(\`\${host.home}/.quay\`, origin);`),
  ),
  mutant(
    "token",
    "always.writes-nothing",
    "tries to keep one where it cannot",
    atLogin(
      'await import("node:fs/promises").then(({ writeFile }) => writeFile("/nonexistent/quay", "")).catch(() => {});',
    ),
  ),
  mutant(
    "token",
    "always.declared-hosts",
    "counts its logins elsewhere",
    atLogin('await host.fetch("https://metrics.quay.example/login").catch(() => undefined);'),
  ),
  mutant("token", "always.keeps-secrets", "keeps the token in its settings", [
    "settings: { path: PATH }",
    "settings: { path: PATH, token }",
  ]),
  mutant("browser", "always.declared-hosts", "follows redirects", [
    "  if (answer.status !== 200) throw failure(answer);\n  return answer.json();",
    '  if (answer.status === 302) return (await host.fetch(answer.headers.get("location"))).json();\n  if (answer.status !== 200) throw failure(answer);\n  return answer.json();',
  ]),
  mutant(
    "token",
    "always.through-host",
    "asks a server while it is loaded",
    atImport('await fetch("https://updates.quay.example/").catch(() => undefined);'),
  ),
  mutant(
    "token",
    "always.through-host",
    "opens a socket",
    atLogin('(await import("node:net")).connect(443, "quay.example").on("error", () => undefined);'),
  ),
  mutant(
    "token",
    "always.starts-nothing",
    "starts a program",
    atLogin('(await import("node:child_process")).execFile("true", () => undefined);'),
  ),
  mutant(
    "token",
    "always.fails-in-front",
    "leaves a promise to itself",
    atLogin('void Promise.reject(new Error("nobody waits for me"));'),
  ),
  mutant(
    "token",
    "always.fails-in-front",
    "throws in a timer",
    atLogin('setTimeout(() => { throw new Error("nobody catches me"); }, 1);'),
  ),
  mutant(
    "token",
    "always.keeps-secrets",
    "logs a part of the token",
    atLogin(`host.debug(\`token \${token.slice(0, 20)}…\`);`),
  ),
  mutant("token", "always.keeps-secrets", "shows the token in an error", [
    'throw new ProviderError("denied", "Quay does not accept the token.");',
    'throw new ProviderError("denied", "Quay does not accept the token.", { cause: new Error(token) });',
  ]),
  mutant("browser", "always.keeps-secrets", "shows the tokens when their type is unknown", [
    SIGNATURE,
    `${SIGNATURE}
  if (arguments[0].token_type === "unknown") {
    const reason = JSON.stringify(arguments[0]);
    throw new ProviderError("protocol", "Harbor gives tokens of another type.", { reason });
  }`,
  ]),
];
