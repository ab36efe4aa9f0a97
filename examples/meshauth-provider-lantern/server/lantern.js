// @ts-check
import { createHash, randomUUID } from "node:crypto";
import { signInPage, tokenPage } from "./pages.js";

/** @typedef {{ sub: string, name: string, email: string }} Person */
/** @typedef {{ challenge: string, redirectUri: string, person: Person }} Grant */

/** Everybody who has an account. @type {readonly Person[]} */
export const PEOPLE = [
  { sub: "lan-1", name: "Ada Example", email: "ada@lantern.example" },
  { sub: "lan-2", name: "Ben Example", email: "ben@lantern.example" },
];

/**
 * Lantern: a small OAuth 2.0 server, as a function from request to response. `serve.js` puts it on a port, for a browser;
 * the tests call it without one.
 *
 * @param {object} [options]
 * @param {boolean} [options.ask] - Show a page on which people sign in. Without it Ada is signed in at once.
 * @param {(label: string) => string} [options.secret] - Makes up codes and tokens.
 * @param {number} [options.lifetime] - Seconds for which an access token is good.
 */
export function createLantern({ ask = false, secret = () => randomUUID(), lifetime = 600 } = {}) {
  /** Codes that were not used yet. @type {Map<string, Grant>} */
  const codes = new Map();
  /** Whose an access token or an API token is. @type {Map<string, Person>} */
  const tokens = new Map();
  /** The access token that goes with a refresh token. @type {Map<string, string>} */
  const sessions = new Map();
  let count = 0;

  /** @param {Request} request @returns {Promise<Response>} */
  return async function handle(request) {
    const url = new URL(request.url);
    switch (`${request.method} ${url.pathname}`) {
      case "GET /.well-known/oauth-authorization-server":
        return metadata(url.origin);
      case "GET /authorize":
        return checkLink(url) ?? (ask ? signInPage(PEOPLE) : decide(url, PEOPLE[0]));
      case "POST /authorize": {
        const choice = (await formOf(request)).get("person");
        return (
          checkLink(url) ??
          decide(
            url,
            PEOPLE.find(({ sub }) => sub === choice),
          )
        );
      }
      case "POST /token":
        return giveTokens(await formOf(request));
      case "POST /revoke":
        endSession((await formOf(request)).get("token"));
        return new Response(null, { status: 200 });
      case "GET /userinfo":
        return userinfo(request.headers.get("authorization"));
      case "GET /tokens":
        return tokenPage();
      case "POST /tokens":
        return tokenPage(newApiToken());
      default:
        return new Response("Not found", { status: 404 });
    }
  };

  /** RFC 8414 section 3.2. @param {string} issuer */
  function metadata(issuer) {
    return Response.json({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      revocation_endpoint: `${issuer}/revoke`,
      userinfo_endpoint: `${issuer}/userinfo`,
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
    });
  }

  /**
   * What is wrong with a link that does not come from the program. An address that is not on the person's own machine
   * gets nothing sent to it, not even an error (RFC 6749 section 4.1.2.1).
   *
   * @param {URL} url
   */
  function checkLink({ searchParams: query }) {
    const back = query.get("redirect_uri") ?? "";
    const isLoopback = URL.canParse(back) && /^http:\/\/(localhost|127\.0\.0\.1|\[::1\]):\d+\//.test(back);
    const isKnown = query.get("client_id") === "meshauth" && query.get("response_type") === "code";
    const hasPkce = query.get("code_challenge_method") === "S256" && query.get("code_challenge") !== null;
    if (isLoopback && isKnown && hasPkce) return undefined;
    return new Response("This link is not in order.", { status: 400 });
  }

  /** Sends the browser back: with a code for whoever signed in, or with a refusal. @param {URL} url @param {Person} [person] */
  function decide({ searchParams: query }, person) {
    const redirectUri = query.get("redirect_uri") ?? "";
    const answer = new URLSearchParams({ state: query.get("state") ?? "" });
    if (person === undefined) {
      answer.set("error", "access_denied");
      answer.set("error_description", "The person said no");
    } else {
      const code = secret(`code ${++count}`);
      codes.set(code, { challenge: query.get("code_challenge") ?? "", redirectUri, person });
      answer.set("code", code);
    }
    return Response.redirect(`${redirectUri}?${answer}`, 303);
  }

  /** @param {URLSearchParams} form */
  function giveTokens(form) {
    if (form.get("grant_type") === "refresh_token") return renew(form.get("refresh_token"));
    const code = form.get("code") ?? "";
    const grant = codes.get(code);
    // Good for one try, whatever comes of it.
    codes.delete(code);
    const hash = createHash("sha256").update(form.get("code_verifier") ?? "");
    const isSame = grant?.challenge === hash.digest("base64url");
    if (!grant || !isSame || grant.redirectUri !== form.get("redirect_uri")) return refusal("invalid_grant");
    return newSession(grant.person);
  }

  /** A refresh token is good for one use; a new one comes with the new access token. @param {string | null} refreshToken */
  function renew(refreshToken) {
    const person = endSession(refreshToken);
    return person === undefined ? refusal("invalid_grant") : newSession(person);
  }

  /** @param {Person} person */
  function newSession(person) {
    count += 1;
    const [accessToken, refreshToken] = [secret(`access token ${count}`), secret(`refresh token ${count}`)];
    tokens.set(accessToken, person);
    sessions.set(refreshToken, accessToken);
    return Response.json({
      access_token: accessToken,
      token_type: "Bearer",
      refresh_token: refreshToken,
      expires_in: lifetime,
    });
  }

  /** Whose session it was; both of its tokens are worthless now. @param {string | null} refreshToken */
  function endSession(refreshToken) {
    const accessToken = sessions.get(refreshToken ?? "") ?? "";
    const person = tokens.get(accessToken);
    sessions.delete(refreshToken ?? "");
    tokens.delete(accessToken);
    return person;
  }

  function newApiToken() {
    const token = `lantern_${secret(`API token ${++count}`)}`;
    const [ada] = PEOPLE;
    if (ada) tokens.set(token, ada);
    return token;
  }

  /** @param {string | null} authorization */
  function userinfo(authorization) {
    const person = tokens.get(/^Bearer (.+)$/i.exec(authorization ?? "")?.[1] ?? "");
    return person === undefined ? refusal("invalid_token", 401) : Response.json(person);
  }
}

/** @param {Request} request */
async function formOf(request) {
  return new URLSearchParams(await request.text());
}

/** RFC 6749 section 5.2. @param {string} error */
function refusal(error, status = 400) {
  return Response.json({ error }, { status });
}
