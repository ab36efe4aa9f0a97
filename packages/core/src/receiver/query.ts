/** What a callback's query holds. */
export type Query =
  | { readonly ok: true; readonly parameters: ReadonlyMap<string, string> }
  /** It cannot be taken; `reason` is a sentence for the person. */
  | { readonly ok: false; readonly reason: string };

/**
 * Reads the parameters that count out of a raw query. Percent sequences are decoded strictly; a `+` stays
 * what it is, since the values are base64 and not form fields. Parameters of other names are left alone.
 */
export function readQuery(query: string, names: readonly string[]): Query {
  const parameters = new Map<string, string>();
  for (const [rawName, rawValue] of split(query)) {
    const name = decode(rawName);
    if (name === undefined) return refused("has a parameter name that cannot be read");
    if (!names.includes(name)) continue;
    const value = decode(rawValue);
    if (value === undefined) return refused("has a value that cannot be read");
    if (parameters.has(name)) return refused("has the same parameter twice");
    parameters.set(name, value);
  }
  return parameters.size > 0 ? { ok: true, parameters } : refused("brought no answer");
}

/** Parameters that are no secrets: what is for a person (RFC 6749 section 4.1.2.1), and the issuer's address (RFC 9207). */
const PUBLIC = ["error", "error_description", "error_uri", "iss"];

/**
 * Every value of a raw query that may be a secret, in each spelling that could be printed.
 *
 * @param names - The only parameters that may hold one, where that is known.
 */
export function queryValues(query: string, names?: readonly string[]): string[] {
  const secret = split(query).filter(([raw]) => {
    const name = decode(raw) ?? raw;
    return !PUBLIC.includes(name) && (names?.includes(name) ?? true);
  });
  const spellings = secret.flatMap(([, raw]) => [raw, decode(raw) ?? ""]);
  return [...new Set(spellings)].filter((value) => value !== "");
}

/** The values of one parameter. What cannot be decoded stands as it came. */
export function rawValues(query: string, wanted: string): string[] {
  return split(query).flatMap(([name, value]) => (decode(name) === wanted ? [decode(value) ?? value] : []));
}

function split(query: string): [name: string, value: string][] {
  return query.split("&").map((part) => {
    const equals = part.indexOf("=");
    return equals < 0 ? [part, ""] : [part.slice(0, equals), part.slice(equals + 1)];
  });
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function refused(what: string): Query {
  return { ok: false, reason: `The address that the browser came back to ${what}.` };
}
