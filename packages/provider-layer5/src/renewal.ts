import type { Host } from "@meshauth/provider-api";
import { inspectToken } from "@meshauth/provider-api/format";

/** Whether the end of a token has passed. */
export function isOver(token: string, now: Date): boolean {
  const { expiresAt } = inspectToken(token);
  return expiresAt !== undefined && expiresAt.getTime() <= now.getTime();
}

/** Keeps a token and what is in it out of all output. */
export function keepSecret(token: string, host: Host): void {
  host.secret(token);
  const { accessToken, refreshToken } = inspectToken(token);
  for (const part of [accessToken, refreshToken]) if (part !== undefined) host.secret(part);
}
