import type { ProviderError } from "@meshauth/provider-api";
import { isProviderError } from "@meshauth/provider-api";
import { createFetch, type FetchOptions, type HostFetch } from "../../src/http/index.js";

export interface Fetching {
  readonly fetch: HostFetch;
  readonly debug: string[];
  readonly secrets: string[];
}

export function fetching(options: Partial<FetchOptions> = {}): Fetching {
  const { made: fetch, ...told } = telling(createFetch, options);
  return { fetch, ...told };
}

/** What sends requests, and what it tells about them. */
export function telling<T>(
  create: (options: FetchOptions) => T,
  options: Partial<FetchOptions> = {},
): { readonly made: T; readonly debug: string[]; readonly secrets: string[] } {
  const debug: string[] = [];
  const secrets: string[] = [];
  const made = create({
    env: {},
    userAgent: "meshauth/0.0.0 test",
    signal: new AbortController().signal,
    now: () => new Date(),
    debug: (message) => debug.push(message),
    onSecret: (value) => secrets.push(value),
    ...options,
  });
  return { made, debug, secrets };
}

/** The ProviderError that a promise fails with. */
export async function failure(promise: Promise<unknown>): Promise<ProviderError> {
  try {
    await promise;
  } catch (error) {
    if (isProviderError(error)) return error;
    throw error;
  }
  throw new Error("It did not fail.");
}

/** Everything of an error that anybody may get to see. */
export function shown(error: ProviderError): string {
  return [error.message, error.reason, ...error.next].join("\n");
}
