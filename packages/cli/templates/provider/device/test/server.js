// @ts-check
import { randomInt, randomUUID } from "node:crypto";

const USER = { sub: "user-1", name: "Ada Example", email: "ada@example.org" };
const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

/**
 * A stand-in for the provider's server, as a function from request to response: the tests sign in at it, and
 * `npm run server` serves it to your browser. It makes the checks that a real one makes.
 *
 * @param {object} [options]
 * @param {boolean} [options.ask] - Wait for a person to type the code. Without it the second question for the tokens is
 *   answered.
 * @param {(label: string) => string} [options.secret] - Makes up codes and tokens.
 */
export function createServer({ ask = false, secret = () => randomUUID() } = {}) {
  /** @type {Map<string, { userCode: string, asked: boolean, approved: boolean }>} */
  const devices = new Map();
  /** Refresh token by access token. @type {Map<string, string>} */
  const sessions = new Map();
  let count = 0;

  /** @param {Request} request @returns {Promise<Response>} */
  return async function handle(request) {
    const url = new URL(request.url);
    switch (`${request.method} ${url.pathname}`) {
      case "POST /device_authorization":
        return startDevice(url.origin);
      case "GET /device":
        return page(
          '<form method="post"><input name="code" placeholder="1234-5678"> <button>Sign in</button></form>',
        );
      case "POST /device":
        return approve(new URLSearchParams(await request.text()).get("code"));
      case "POST /token":
        return token(new URLSearchParams(await request.text()));
      case "POST /revoke":
        end(new URLSearchParams(await request.text()).get("token"));
        return new Response(null, { status: 200 });
      case "GET /userinfo":
        return userinfo(request.headers.get("authorization"));
      default:
        return new Response("Not found", { status: 404 });
    }
  };

  /** @param {string} origin */
  function startDevice(origin) {
    const deviceCode = secret(`device code ${++count}`);
    const userCode = `${randomInt(1000, 10_000)}-${randomInt(1000, 10_000)}`;
    devices.set(deviceCode, { userCode, asked: false, approved: !ask });
    return Response.json({
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: `${origin}/device`,
      expires_in: 300,
      interval: ask ? 2 : 0.05,
    });
  }

  /** @param {string | null} userCode */
  function approve(userCode) {
    const device = [...devices.values()].find((known) => known.userCode === userCode?.trim());
    if (device === undefined) return page("<p>There is no such code.</p>");
    device.approved = true;
    return page(`<p>Signed in as ${USER.name}. Go back to the terminal.</p>`);
  }

  /** @param {URLSearchParams} form */
  function token(form) {
    if (form.get("grant_type") === "refresh_token") {
      return end(form.get("refresh_token")) ? newSession() : refusal("invalid_grant");
    }
    const deviceCode = form.get("device_code") ?? "";
    const device = devices.get(deviceCode);
    if (device === undefined || form.get("grant_type") !== DEVICE_CODE) return refusal("expired_token");
    if (!device.approved || !device.asked) {
      device.asked = true;
      return refusal("authorization_pending");
    }
    devices.delete(deviceCode);
    return newSession();
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

/** @param {string} error */
function refusal(error) {
  return Response.json({ error }, { status: 400 });
}

/** @param {string} content */
function page(content) {
  return new Response(`<!doctype html><title>Sign in</title><h1>Sign in</h1>${content}`, {
    headers: { "content-type": "text/html; charset=utf-8" },
  });
}
