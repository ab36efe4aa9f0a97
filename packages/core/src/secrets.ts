import { inspectToken } from "@meshauth/provider-api/format";

const MASK = "[redacted]";
const SHORTEST = 6;

// What looks like a token is masked even when nobody announced it, for instance in a stack trace of
// someone else's code: a JWT, a token envelope, and a token parameter of an address.
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, MASK],
  [/\beyJ[A-Za-z0-9+/]{40,}={0,2}/g, MASK],
  [/([?&](?:token|session_cookie|access_token|refresh_token|code)=)[^&\s"'<>\\]+/gi, `$1${MASK}`],
];

/** The secrets of this run, and the means to keep them out of everything that is printed. */
export class Secrets {
  /** Those that have been added since the last text was looked through. */
  #added: string[] = [];
  readonly #values = new Set<string>();
  /** The same, the longest first: one may be a part of another. */
  #ordered: readonly string[] = [];

  /** Remembers a secret, with the parts of a token envelope and the spellings it may appear in. */
  add(value: string): void {
    this.#added.push(value);
  }

  /** Works out what a secret may look like. That takes time, and many a run prints nothing to look through. */
  #learn(value: string): void {
    if (value.length < SHORTEST || this.#values.has(value)) return;
    this.#values.add(value);
    this.#values.add(encodeURIComponent(value.replace(/\p{Surrogate}/gu, "\ufffd")));
    this.#values.add(JSON.stringify(value).slice(1, -1));
    this.#values.add(Buffer.from(value).toString("base64").replace(/=+$/, ""));
    const { accessToken, refreshToken } = inspectToken(value);
    if (accessToken !== undefined && accessToken !== value) this.#learn(accessToken);
    if (refreshToken !== undefined) this.#learn(refreshToken);
  }

  /** The text without any known secret or anything that looks like one. */
  redact(text: string): string {
    if (this.#added.length > 0) {
      for (const value of this.#added) this.#learn(value);
      this.#added = [];
      this.#ordered = [...this.#values].sort((a, b) => b.length - a.length);
    }
    let clean = text;
    for (const value of this.#ordered) {
      if (clean.includes(value)) clean = clean.replaceAll(value, MASK);
    }
    for (const [pattern, mask] of PATTERNS) clean = clean.replace(pattern, mask);
    return clean;
  }
}
