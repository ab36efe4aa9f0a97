// @ts-check

const USER = { sub: "user-1", name: "Ada Example", email: "ada@example.org" };

/** A made-up token that the stand-in takes. */
export const TOKEN = "example-token-7f3a9c2e5b1d";

/**
 * A stand-in for the provider's server, as a function from request to response: the tests sign in at it, and
 * `npm run server` serves it.
 *
 * @param {object} [options]
 * @param {boolean} [options.ask] - Nobody is asked for anything here.
 * @param {string} [options.token] - The token that is good.
 */
export function createServer({ token = TOKEN } = {}) {
  /** @param {Request} request @returns {Promise<Response>} */
  return async function handle(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/tokens") return new Response(`Your token: ${token}\n`);
    if (pathname !== "/userinfo") return new Response("Not found", { status: 404 });
    if (request.headers.get("authorization") === `Bearer ${token}`) return Response.json(USER);
    return Response.json({ error: "invalid_token" }, { status: 401 });
  };
}
