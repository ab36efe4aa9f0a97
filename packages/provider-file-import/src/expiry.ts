import { type Credential, ProviderError } from "@meshauth/provider-api";
import { inspectToken, storedToken } from "@meshauth/provider-api/format";

/** Refuses what is out of date and cannot be renewed. @throws {@link ProviderError} `expired` */
export function requireUnexpired(credential: Credential, what: string, now: Date): void {
  const { expiresAt, refreshable } = inspectToken(storedToken(credential));
  if (refreshable || expiresAt === undefined || expiresAt > now) return;
  throw new ProviderError("expired", `${what} holds a token that is out of date.`, {
    reason: `It ended at ${expiresAt.toISOString()}, and there is no refresh token to renew it with.`,
    next: [
      "Download a new auth.json from the tokens page of the cloud.",
      "meshauth login layer5",
      "meshauth login file-import FILE --force",
    ],
  });
}
