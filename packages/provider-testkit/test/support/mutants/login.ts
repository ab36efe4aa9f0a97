import { before, type Mutant, mutant } from "./mutant.js";

/** The browser flavour once the code has come back. */
const EXCHANGE = '    return tokens(await post(host, "/token", { grant_type: "authorization_code", code }));';
/** How the token flavour gets its token. */
const ASK = "request.token ?? (await ask(host))";
const WAIT = `    const code = await receiver.wait(\`\${HARBOR}/authorize?\${query}\`, "Sign out there and try again.");`;

/** What the error of the host, or of the provider, says at each kind of fault. */
const FAULTS = [
  ["login.server-down", "cannot be reached"],
  ["login.server-silent login.server-slow", "in time"],
  ["login.server-error", "out of order"],
  ["login.server-redirect", "answered 302"],
  ["login.server-huge", "too large"],
  ["login.server-cut", "broke off"],
] as const;

/** Mistakes in the package and around a login. */
export const LOGIN_MUTANTS: readonly Mutant[] = [
  mutant(
    "browser",
    "package.declaration",
    "an option called like a flag of every login",
    ['"scope"', '"force"'],
    "package.json",
  ),
  mutant("browser", "module.agrees", "another id than declared", ['id: "harbor"', 'id: "harbour"']),
  mutant(
    "token",
    "module.agrees",
    "a module that throws",
    before("export default", 'throw new Error("no");'),
  ),
  mutant(
    "browser",
    "example.fits",
    "an example of another option",
    ['scope: "all"', 'area: "all"'],
    "meshauth.conformance.js",
  ),
  mutant("browser", "login.success", "ends the process", before(EXCHANGE, "process.exit(0);")),
  mutant("browser", "login.success", "blocks for ever", before(EXCHANGE, "for (;;);")),
  mutant("browser", "login.success", "throws a TypeError", before(EXCHANGE, "host.nothing.at.all;")),
  mutant("file", "login.success", "gives no token", ["serverName, token };", 'serverName, token: "" };']),
  mutant(
    "browser",
    "login.declared",
    "reads an option that is not declared",
    before(EXCHANGE, "request.options.tenant;"),
  ),
  mutant("token", "login.no-person", "calls the lack of a terminal a wrong usage", [
    '"interaction", ',
    '"usage", ',
  ]),
  mutant("token", "login.closed-input", "goes on as a guest when the person has left", [
    `${ASK};`,
    `${ASK.replace("ask(host)", "guest(host)")};
    if (token === "token-of-a-guest") return { kind: "token", serverName: "Quay", token, origin };
    function guest() {
      return ask(host).catch((error) => {
        if (error.code === "MESHAUTH_E_INTERRUPTED" && !host.signal.aborted) return "token-of-a-guest";
        throw error;
      });
    }`,
  ]),
  mutant("file", "login.no-meshery-server", "counts on a Meshery Server", ['answer.kind === "ok" && ', ""]),
  mutant("file", "saved.success", "fails after the login", ["unlink(options.file)", "unlink(options.path)"]),
  mutant(
    "browser",
    "login.cancelled",
    "sleeps without looking at the signal",
    before(EXCHANGE, "if (host.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 60_000));"),
  ),
  mutant("browser", "login.timed-out", "signs in all the same when the time is up", [
    WAIT,
    `${WAIT.replace(/;$/, "")}.catch((error) => {
      if (error.code !== "MESHAUTH_E_TIMEOUT") throw error;
    });
    if (code === undefined) return fromToken("token-for-guests");`,
  ]),
  ...FAULTS.map(([id, text]) =>
    mutant("browser", id, `has no error of its own for what is "${text}"`, [
      EXCHANGE,
      `    const form = { grant_type: "authorization_code", code };
    return tokens(
      await post(host, "/token", form).catch((error) => {
        throw error.message.includes("${text}") ? new Error("oh no") : error;
      }),
    );`,
    ]),
  ),
  mutant("browser", "login.server-html", "takes a web page for a token", [
    EXCHANGE,
    `    const answer = await send(host, "/token", { grant_type: "authorization_code", code });
    if (answer.text.startsWith("<!doctype")) return fromToken("token-of-a-page");
    if (answer.status !== 200) throw failure(answer);
    return tokens(answer.json());`,
  ]),
  mutant("browser", "login.server-empty", "takes nothing for a token", [
    EXCHANGE,
    `    const answer = await send(host, "/token", { grant_type: "authorization_code", code });
    if (answer.text === "" && answer.status === 200) return fromToken("token-of-nothing");
    if (answer.status !== 200) throw failure(answer);
    return tokens(answer.json());`,
  ]),
];
