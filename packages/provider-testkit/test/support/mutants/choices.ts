import { type Change, type Mutant, mutant } from "./mutant.js";

const TAKE_CODE =
  'return code ? { kind: "accept", value: code } : { kind: "refuse", reason: "No code came back." };';
const BAD_TOKEN = `if (found.form === "invalid") throw new ProviderError("input", \`The token is refused: \${found.reason}.\`);\n  return { kind: "token", serverName: "Harbor"`;

const badToken = (condition: string): Change => [
  BAD_TOKEN,
  BAD_TOKEN.replace('found.form === "invalid"', condition),
];

/** Mistakes with what comes from the browser, from standard input and as options. */
export const CHOICE_MUTANTS: readonly Mutant[] = [
  mutant("browser", "browser.wrong", "does not compare the state", [
    'parameters.get("state") !== state',
    "!state",
  ]),
  mutant("browser", "browser.missing", "takes a callback without a code", [
    TAKE_CODE,
    'return { kind: "accept", value: code ?? "" };',
  ]),
  mutant("browser", "browser.refused", "goes on waiting when the provider says no", [
    '"fail", reason: error',
    '"refuse", reason: error',
  ]),
  mutant("browser", "browser.pasted", "takes any text for a code", [
    "      accept(parameters) {",
    '      acceptPasted: (value) => ({ kind: "accept", value }),\n      accept(parameters) {',
  ]),
  mutant("browser", "browser.decides", "fails on a callback without a state", [
    'get("state") !== state',
    'get("state").trim() !== state',
  ]),
  mutant(
    "browser",
    "token.success",
    "takes nothing but token envelopes",
    badToken('found.form !== "envelope"'),
  ),
  mutant(
    "browser",
    "token.malformed",
    "stores whatever comes on standard input",
    badToken("found.form === 0"),
  ),
  mutant("token", "options.required always.declared-hosts", "has a default for what it requires", [
    "(request.options.url)",
    '(request.options.url ?? "https://quay.example")',
  ]),
  mutant("browser", "options.optional", "fails without an option that may be left out", [
    "const state =",
    "request.options.scope.trim();\n    const state =",
  ]),
  mutant("browser", "options.environment", "reads the environment instead of the option", [
    "const { workspace, scope",
    "const workspace = host.env.HARBOR_WORKSPACE ?? request.options.workspace;\n    const { scope",
  ]),
  mutant("file", "options.invalid", "lets the system's error through", [
    '  } catch {\n    throw new Refusal("input", "The file cannot be read.");\n  }',
    "  } finally {\n  }",
  ]),
];
