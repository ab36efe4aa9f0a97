import { inspectToken, parseToken } from "@meshauth/provider-api/format";

/**
 * The token that a Meshery Server sends to take the place of the one that it was asked with: after it has traded
 * the refresh token. To those whom it does not accept it sends an empty or expired one, which means nothing; and
 * what has not the form in which servers hand tokens out is some other cookie of that name.
 *
 * @param address - What was asked. A cookie for another host or path is not meant for the server (RFC 6265
 *   section 5.3).
 * @param now - The time by the server's clock.
 * @returns `undefined` when there is none. Secret.
 */
export function newTokenOf(headers: Headers, address: URL, now: Date): string | undefined {
  let token: string | undefined;
  for (const line of headers.getSetCookie()) {
    const [pair = "", ...rest] = line.split(";");
    const [, name, value = ""] = /^\s*([^=]*?)\s*=\s*"?(.*?)"?\s*$/.exec(pair) ?? [];
    const attributes = attributesOf(rest);
    if (name !== "token" || !isFor(address, attributes)) continue;
    // As in a browser, the last cookie of a name counts.
    token = !isOver(attributes, now) && isUsable(value, now) ? value : undefined;
  }
  return token;
}

function isUsable(value: string, now: Date): boolean {
  const { form } = parseToken(value);
  if (form !== "envelope" && form !== "jwt") return false;
  const { expiresAt } = inspectToken(value);
  return expiresAt === undefined || expiresAt > now;
}

type Attributes = ReadonlyMap<string, string>;

function attributesOf(parts: readonly string[]): Attributes {
  return new Map(
    parts.map((part) => {
      const [name = "", ...value] = part.split("=");
      return [name.trim().toLowerCase(), value.join("=").trim()] as const;
    }),
  );
}

/** A domain above the host is refused as well: what is stored goes to this server only. */
function isFor({ hostname, pathname }: URL, attributes: Attributes): boolean {
  const domain = (attributes.get("domain") ?? "").replace(/^\./, "").toLowerCase();
  if (domain !== "" && domain !== hostname) return false;
  const path = attributes.get("path") || "/";
  return pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
}

/** RFC 6265 section 5.3: `Max-Age` wins over `Expires`. */
function isOver(attributes: Attributes, now: Date): boolean {
  const age = attributes.get("max-age");
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) <= 0;
  const expires = Date.parse(attributes.get("expires") ?? "");
  return !Number.isNaN(expires) && expires <= now.getTime();
}
