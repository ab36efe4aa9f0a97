import { createHash } from "node:crypto";
import { inspectToken } from "@meshauth/provider-api/format";

/** What is shorter could be any word. */
const SHORTEST = 6;

/** A part of a secret that is this long is no accident. */
const TELLING = 16;

/** The secrets that are known to the kit, with the means to find them in a text. */
export class KnownSecrets {
  readonly #seed: string;
  readonly #values = new Set<string>();

  /** @param seed - Makes the secrets of one run differ from those of the next. */
  constructor(seed: string) {
    this.#seed = seed;
  }

  /** Makes up a secret; the same for the same label. It may stand wherever a token may. */
  make(label: string): string {
    const digest = createHash("sha256").update(`${this.#seed} ${label}`).digest("hex").slice(0, 32);
    const secret = `canary-${label.replace(/[^a-z0-9]+/gi, "-")}-${digest}`;
    this.#values.add(secret);
    return secret;
  }

  /** Remembers a secret, and what is in it when it is a token envelope. */
  add(value: string): void {
    const { accessToken, refreshToken } = inspectToken(value);
    for (const text of [value, accessToken, refreshToken]) {
      if (text !== undefined && text.length >= SHORTEST) this.#values.add(text);
    }
  }

  /** The texts that hold a secret, or a telling part of one. */
  findIn<T extends { readonly text: string }>(texts: readonly T[]): T[] {
    const parts = new Set<string>();
    const short: string[] = [];
    for (const secret of this.#values) {
      if (secret.length < TELLING) short.push(secret);
      for (let start = 0; start + TELLING <= secret.length; start += 1) {
        parts.add(secret.slice(start, start + TELLING));
      }
    }
    return texts.filter(({ text }) => {
      if (short.some((secret) => text.includes(secret))) return true;
      for (let start = 0; start + TELLING <= text.length; start += 1) {
        if (parts.has(text.slice(start, start + TELLING))) return true;
      }
      return false;
    });
  }

  /** The text without the secrets that it holds whole. */
  redact(text: string): string {
    const longestFirst = [...this.#values].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((clean, secret) => clean.replaceAll(secret, "[secret]"), text);
  }
}
