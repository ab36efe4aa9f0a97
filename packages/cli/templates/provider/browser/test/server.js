// @ts-check
import { createHash, randomUUID } from "node:crypto";

const USER = { sub: "user-1", name: "Ada Example", email: "ada@example.org" };

/**
 * A stand-in for the provider's server, as a function from request to response: the tests sign in at it, and
 * `npm run server` serves it to your browser. It makes the checks that a real one makes.
 *
 * @param {object} [options]
 * @param {boolean} [options.ask] - Show a page to people. Without it everybody is signed in at once.
 * @param {(label: string) => string} [options.secret] - Makes up codes and tokens.
 */
export function createServer({ ask = false, secret = () => randomUUID() } = {}) {
  /** @type {Map<string, { challenge: string | null, redirectUri: string }>} */
  const codes = new Map();
  /** Refresh token by access token. @type {Map<string, string>} */
  const sessions = new Map();
  let count = 0;

  /** @param {Request} request @returns {Promise<Response>} */
  return async function handle(request) {
    const url = new URL(request.url);
    switch (`${request.method} ${url.pathname}`) {
      case "GET /authorize":
        return ask && !url.searchParams.has("approved") ? signInPage(url) : authorize(url.searchParams);
      case "POST /token":
        return token(new URLSearchParams(await request.text()));
      case "POST /revoke":
        return revoke(new URLSearchParams(await request.text()));
      case "GET /userinfo":
        return userinfo(request.headers.get("authorization"));
      default:
        return new Response("Not found", { status: 404 });
    }
  };

  /** @param {URLSearchParams} query */
  function authorize(query) {
    const redirectUri = query.get("redirect_uri") ?? "";
    // A code goes nowhere but to the person's own machine.
    if (!/^http:\/\/localhost:\d+\//.test(redirectUri)) {
      return new Response("Not an address of this machine", { status: 400 });
    }
    const code = secret(`code ${++count}`);
    codes.set(code, { challenge: query.get("code_challenge"), redirectUri });
    const answer = new URLSearchParams({ code, state: query.get("state") ?? "" });
    return Response.redirect(`${redirectUri}?${answer}`, 303);
  }

  /** @param {URLSearchParams} form */
  function token(form) {
    if (form.get("grant_type") === "refresh_token") return renew(form.get("refresh_token"));
    const code = form.get("code") ?? "";
    const issued = codes.get(code);
    codes.delete(code);
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (issued?.challenge !== challenge || issued.redirectUri !== form.get("redirect_uri")) {
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    }
    return newSession();
  }

  /** A refresh token is good for one use. @param {string | null} refreshToken */
  function renew(refreshToken) {
    return end(refreshToken) ? newSession() : Response.json({ error: "invalid_grant" }, { status: 400 });
  }

  /** @param {URLSearchParams} form */
  function revoke(form) {
    end(form.get("token"));
    return new Response(null, { status: 200 });
  }

  function newSession() {
    count += 1;
    const [accessToken, refreshToken] = [secret(`access token ${count}`), secret(`refresh token ${count}`)];
    sessions.set(accessToken, refreshToken);
    return Response.json({
      access_token: accessToken,
      token_type: "bearer",
      refresh_token: refreshToken,
      expires_in: 3600,
    });
  }

  /** @param {string | null} refreshToken */
  function end(refreshToken) {
    const found = [...sessions].find(([, known]) => known === refreshToken);
    return found !== undefined && sessions.delete(found[0]);
  }

  /** @param {string | null} authorization */
  function userinfo(authorization) {
    if (sessions.has(authorization?.replace(/^Bearer /, "") ?? "")) return Response.json(USER);
    return Response.json({ error: "invalid_token" }, { status: 401 });
  }
}

/** @param {URL} url */
function signInPage(url) {
  url.searchParams.set("approved", "yes");
  const link = `${url.pathname}${url.search}`.replaceAll("&", "&amp;");
  return new Response(
    `<!doctype html><title>Sign in</title><h1>Sign in</h1><p><a href="${link}">Go on as ${USER.name}</a></p>`,
    { headers: { "content-type": "text/html; charset=utf-8" } },
  );
}
