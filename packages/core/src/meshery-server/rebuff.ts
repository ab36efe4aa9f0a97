import type { ServerAnswer } from "@meshauth/provider-api";

/** An answer that is not what was asked for: the two kinds of {@link ServerAnswer} besides `ok`. */
export type Rebuff = Exclude<ServerAnswer<never>, { readonly kind: "ok" }>;

type Refusal = Extract<Rebuff, { readonly kind: "refused" }>["why"];

/** No server, or one that cannot say. */
export function unavailable(message: string): Rebuff {
  return { kind: "unavailable", message };
}

/** The server is there and does not accept the credential. `outright`: it said so, and did not only redirect. */
export function refused(why: Refusal, message: string, outright = false): Rebuff {
  return { kind: "refused", why, message, ...(outright ? { outright } : {}) };
}
