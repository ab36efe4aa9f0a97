import { ProviderError, printable } from "@meshauth/provider-api";

/**
 * Why something that was given cannot be imported.
 *
 * @param what - The file's name, or what else stands for the source.
 * @param reason - A clause that completes "it cannot be imported: …".
 */
export function refusal(
  what: string,
  reason: string,
  next: readonly string[] = [],
  cause?: unknown,
): ProviderError {
  return new ProviderError("input", `${printable(what)} cannot be imported: ${reason}.`, {
    reason: "It is not a credential that Meshery could use. Nothing was changed.",
    next: [
      ...next,
      "Download a new auth.json from the tokens page of the cloud.",
      "meshauth login file-import FILE",
    ],
    ...(cause === undefined ? {} : { cause }),
  });
}
