import type { EraRules } from "../era.js";
import type { Renewals } from "./renewals.js";
import type { Upstream } from "./upstream.js";
import { Unreachable } from "./upstream.js";
import type { Verifier } from "./verify.js";

/** What the auth step says about a token. */
export type Validity =
  /** `token` is the one to go on with: renewed when the one that came was not good any more. */
  | { readonly kind: "valid"; readonly token: string }
  | { readonly kind: "refused" }
  | { readonly kind: "unreachable" }
  | { readonly kind: "panic" };

/** The parts that talk to one remote provider's cloud. */
export interface RemoteParts {
  readonly upstream: Upstream;
  readonly verify: Verifier;
  readonly renewals: Renewals;
}

/** Checks a remote provider's token in the order of the era. */
export async function checkToken(rules: EraRules, parts: RemoteParts, sent: string): Promise<Validity> {
  try {
    return await CHECKS[rules.validity](parts, parts.renewals.latest(sent));
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    // Before April 2026 a cloud that is down looked like a bad token.
    return { kind: rules.jsonErrors ? "unreachable" : "refused" };
  }
}

type Check = (parts: RemoteParts, token: string) => Promise<Validity>;

const refused: Validity = { kind: "refused" };

const CHECKS: Readonly<Record<EraRules["validity"], Check>> = {
  async refresh({ verify, renewals }, token) {
    const verdict = await verify(token);
    if (verdict.kind === "panic") return verdict;
    if (verdict.kind === "good") return { kind: "valid", token };
    return renewed(await renewals.renew(token), verify);
  },

  async introspect({ upstream, verify }, token) {
    const verdict = await verify(token);
    if (verdict.kind === "panic") return verdict;
    if (verdict.kind === "bad") return refused;
    const active = !verdict.expires || (await upstream.introspect(verdict.accessToken));
    return active ? { kind: "valid", token } : refused;
  },

  async renew({ upstream, verify, renewals }, token) {
    const verdict = await verify(token);
    if (verdict.kind === "panic") return verdict;
    const settled = verdict.kind === "good" && !verdict.expires;
    if (settled || (await upstream.introspect(verdict.accessToken))) return { kind: "valid", token };
    return renewed(await renewals.renew(token), verify);
  },
};

async function renewed(token: string | undefined, verify: Verifier): Promise<Validity> {
  if (token === undefined) return refused;
  const verdict = await verify(token);
  if (verdict.kind === "panic") return verdict;
  return verdict.kind === "good" ? { kind: "valid", token } : refused;
}
