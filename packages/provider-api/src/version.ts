/** A version of the provider contract. It is not the version of any package. */
export interface ApiVersion {
  /** Raised when a provider written for the version before would no longer work. */
  readonly major: number;
  /** Raised when the contract gains something that an older meshauth does not offer. */
  readonly minor: number;
}

/** The version of the contract that this package describes. */
export const PROVIDER_API: ApiVersion = Object.freeze({ major: 1, minor: 0 });

/**
 * Reads a version as it stands in a manifest, such as `"1.0"`.
 *
 * @returns `undefined` when the text is not two decimal numbers joined by a dot.
 */
export function parseApiVersion(text: unknown): ApiVersion | undefined {
  if (typeof text !== "string") return undefined;
  const match = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/.exec(text);
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}

/**
 * Whether a provider written for `wanted` runs under `offered`: the same major, and a minor that
 * `offered` has reached.
 */
export function isCompatible(wanted: ApiVersion, offered: ApiVersion = PROVIDER_API): boolean {
  return wanted.major === offered.major && wanted.minor <= offered.minor;
}
