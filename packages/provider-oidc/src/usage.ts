import { ProviderError } from "@meshauth/provider-api";

/** An error for an option that cannot be used. */
export function usage(message: string, reason: string, step = "meshauth login oidc --help"): ProviderError {
  return new ProviderError("usage", message, { reason, next: [step] });
}
