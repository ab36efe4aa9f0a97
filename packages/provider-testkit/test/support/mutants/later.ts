import { type Change, type Mutant, mutant } from "./mutant.js";

/** How the browser flavour renews. */
const POST = 'post(host, "/token", { grant_type: "refresh_token", refresh_token: refreshToken })';
const RENEWED = `tokens(await ${POST})`;
const RENEWAL = `    return ${RENEWED};`;
const REVOKED = `    throw failure(answer);
  },

  async identify`;
const ASK_WHO = "    if (answer.status !== 200) throw failure(answer);\n    const { id, email }";

/** The renewal with another error in the place of one. */
const renewalFailing = (code: string, instead: string): Change => [
  RENEWAL,
  `    return tokens(await ${POST}.catch((error) => {
      throw error.code === "${code}" ? new ProviderError("${instead}", "Sign in again.") : error;
    }));`,
];

/** A request that is answered by the provider itself when it is cancelled. */
const whenCancelled = (request: string, answer: string): string =>
  `${request}.catch((error) => {
      if (error.code === "MESHAUTH_E_INTERRUPTED") return ${answer};
      throw error;
    })`;

const SEND_REVOKE = 'send(host, "/revoke", { token: refreshToken ?? accessToken })';
const SEND_WHO = `host.fetch(\`\${HARBOR}/me\`, { headers: { Authorization: \`Bearer \${accessToken}\` } })`;

/** Mistakes in the calls that come after a login. */
export const LATER_MUTANTS: readonly Mutant[] = [
  mutant("browser", "refresh.success", "forgets the origin", [
    RENEWAL,
    `    const { origin, ...rest } = ${RENEWED};\n    return rest;`,
  ]),
  mutant("browser", "refresh.rotated", "keeps the old refresh token", [
    RENEWAL,
    `    return { ...${RENEWED}, refreshToken };`,
  ]),
  mutant(
    "browser",
    "refresh.denied",
    "takes a no for the end of the token",
    renewalFailing("denied", "expired"),
  ),
  mutant(
    "browser",
    "refresh.unreachable",
    "takes an outage for a no",
    renewalFailing("unreachable", "denied"),
  ),
  mutant("browser", "refresh.cancelled", "gives a token of its own when it is cancelled", [
    RENEWAL,
    `    return tokens(await ${whenCancelled(POST, '{ access_token: "token-of-a-guest" }')});`,
  ]),
  mutant("browser", "refresh.once", "presents the refresh token again", [
    RENEWAL,
    `    const again = () => ${POST};\n    return tokens(await again().catch(again));`,
  ]),
  mutant("browser", "refresh.nothing", "counts on a refresh token", [
    'if (refreshToken === undefined) throw new ProviderError("expired", "There is no refresh token.");',
    "refreshToken.trim();",
  ]),
  mutant("browser", "revoke.success", "says what nobody knows", [
    '{ outcome: "revoked" }',
    '{ outcome: "gone" }',
  ]),
  mutant("browser", "revoke.denied", "takes a no for an outage", [
    REVOKED,
    REVOKED.replace("failure(answer)", 'new ProviderError("unreachable", "Harbor is out of order.")'),
  ]),
  mutant("browser", "revoke.unreachable", "says that it revoked what it could not", [
    REVOKED,
    `    if (answer.status >= 500) return { outcome: "revoked" };\n${REVOKED}`,
  ]),
  mutant("browser", "revoke.cancelled", "says that it revoked when it is cancelled", [
    SEND_REVOKE,
    whenCancelled(SEND_REVOKE, '{ status: 200, text: "" }'),
  ]),
  mutant("browser", "revoke.other-tool", "counts on a refresh token", [
    "refreshToken ?? accessToken",
    "refreshToken.trim()",
  ]),
  mutant("browser", "identify.success", "names no account", ["return { id, email };", "return { email };"]),
  {
    name: "knows the address from a login of the same process",
    flavour: "token",
    caughtBy: ["identify.success"],
    edits: [
      { file: "index.js", from: "    await whoIs(token, origin, host);", to: "    known = origin;" },
      { file: "index.js", from: "export default", to: "let known;\nexport default" },
      { file: "index.js", from: "credential.origin === undefined", to: "known === undefined" },
      {
        file: "index.js",
        from: "storedToken(credential), credential.origin",
        to: "storedToken(credential), known",
      },
    ],
  },
  mutant("browser", "identify.denied", "takes a no for an outage", [
    ASK_WHO,
    ASK_WHO.replace("failure(answer)", 'new ProviderError("unreachable", "Harbor is out of order.")'),
  ]),
  mutant("browser", "identify.unreachable", "takes an outage for a no", [
    ASK_WHO,
    `    if (answer.status >= 500) throw new ProviderError("denied", "Sign in again.");\n${ASK_WHO}`,
  ]),
  mutant("browser", "identify.cancelled", "names somebody when it is cancelled", [
    SEND_WHO,
    whenCancelled(SEND_WHO, '{ status: 200, json: () => ({ id: "0" }) }'),
  ]),
  mutant("token", "identify.other-tool", "counts on an address", [
    "if (credential.origin === undefined)",
    "if (credential.origin.trim() === undefined)",
  ]),
];
