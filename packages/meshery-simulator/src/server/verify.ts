import type { EraRules } from "../era.js";
import { parseJwt, verifySignature } from "../jwt.js";
import { accessTokenOf, type Upstream } from "./upstream.js";

/** What looking at a token tells. `panic`: the handler dies, as Go's does on a JWT without a string `kid`. */
export type Verdict =
  | { readonly kind: "good"; readonly accessToken: string; readonly expires: boolean }
  | { readonly kind: "bad"; readonly accessToken: string }
  | { readonly kind: "panic" };

export type Verifier = (token: string) => Promise<Verdict>;

/** Checks signature and times of a JWT, without leeway; keys are fetched for an unknown `kid` only. */
export function createVerifier(rules: EraRules, upstream: Upstream, now: () => Date): Verifier {
  const known = new Map<string, { n: string; e: string }>();

  async function keyOf(kid: string): Promise<{ n: string; e: string } | undefined> {
    if (!known.has(kid)) {
      for (const { kid: name = "", n = "", e = "" } of (await upstream.keys()) ?? []) {
        if (e === "AQAB" || e === "AAEAAQ") known.set(name, { n, e });
      }
    }
    return known.get(kid);
  }

  return async (token) => {
    const accessToken = accessTokenOf(rules, token) ?? "";
    const bad: Verdict = { kind: "bad", accessToken };
    const jwt = parseJwt(accessToken);
    if (!jwt) return bad;
    const { kid } = jwt.header;
    if (typeof kid !== "string") return { kind: "panic" };
    const seconds = Math.floor(now().getTime() / 1000);
    const { exp, nbf } = jwt.claims;
    if (typeof exp === "number" && seconds > exp) return bad;
    if (typeof nbf === "number" && seconds < nbf) return bad;
    const key = await keyOf(kid);
    if (!key || !verifySignature(accessToken, key)) return bad;
    return { kind: "good", accessToken, expires: exp !== undefined };
  };
}
