import { createHash } from "node:crypto";
import { type Decision, isProviderError, ProviderError } from "@meshauth/provider-api";
import { printable } from "../text.js";
import { type Settle, withResolvers } from "../with-resolvers.js";

/** A decision that ends the login. */
type FinalDecision<T> = Exclude<Decision<T>, { kind: "refuse" }>;

/** What became of one answer. */
type Taken<T> =
  /** It decided the login, or says the same as the one that did. */
  | { readonly kind: "final"; readonly decision: FinalDecision<T> }
  /** Not what was asked for; the login goes on waiting. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Another answer decided the login before. */
  | { readonly kind: "conflict" };

/** The one decision of a login: waiting, then decided by the first answer that is good for it. */
export class Exchange<T> {
  readonly outcome: Promise<T>;
  readonly #accept: (parameters: ReadonlyMap<string, string>) => Decision<T>;
  readonly #settle: Settle<T>;
  #final: { readonly decision: FinalDecision<T>; readonly digest: string } | undefined;
  #cancelled = false;

  constructor(accept: (parameters: ReadonlyMap<string, string>) => Decision<T>) {
    this.#accept = accept;
    [this.outcome, this.#settle] = withResolvers<T>();
    // Whoever lost interest in the outcome must not make the process fail on it.
    this.outcome.catch(() => {});
  }

  /** How the login was decided, once it is. */
  get result(): "accept" | "fail" | undefined {
    return this.#final?.decision.kind;
  }

  /** Takes one answer. Synchronous, so that of two at once only one can win. */
  take(parameters: ReadonlyMap<string, string>): Taken<T> {
    const digest = digestOf(parameters);
    if (this.#final !== undefined) {
      if (this.#final.digest !== digest) return { kind: "conflict" };
      return { kind: "final", decision: this.#final.decision };
    }
    if (this.#cancelled) return { kind: "refused", reason: "This login has ended." };
    const decision = this.#decide(parameters);
    if (decision.kind === "refuse") return { kind: "refused", reason: decision.reason };
    this.#final = { decision, digest };
    if (decision.kind === "accept") this.#settle.resolve(decision.value);
    else this.#settle.reject(failureOf(decision));
    return { kind: "final", decision };
  }

  /** Ends the wait without a decision. Does nothing once there is one. */
  cancel(reason: unknown): void {
    this.#cancelled = true;
    this.#settle.reject(reason);
  }

  #decide(parameters: ReadonlyMap<string, string>): Decision<T> {
    try {
      const decision = this.#accept(parameters);
      if (decision.kind === "accept") return decision;
      if (decision.kind === "refuse" || decision.kind === "fail") {
        return { ...decision, reason: printable(decision.reason, 500) };
      }
      // A provider written in JavaScript may return anything; a promise of its must not end the process.
      Promise.resolve<unknown>(decision).catch(() => {});
    } catch {
      // The thrown text could hold what was given to `accept`, so it goes no further.
    }
    return { kind: "refuse", reason: "The provider's code failed on the answer that came back." };
  }
}

/** What a login ends with when the provider reports failure. */
export function failureOf({ reason, error }: Extract<Decision<never>, { kind: "fail" }>): ProviderError {
  if (isProviderError(error)) return error;
  return new ProviderError("denied", "The provider refused the sign-in.", { reason: printable(reason, 500) });
}

/** Compared in place of the values, which need not be kept for it. */
function digestOf(parameters: ReadonlyMap<string, string>): string {
  const entries = [...parameters].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(entries)).digest("base64");
}
