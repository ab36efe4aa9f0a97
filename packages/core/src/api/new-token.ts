import { parseToken } from "@meshauth/provider-api/format";

/**
 * The token that a Meshery Server sends to take the place of the one that it was asked with: after it has traded
 * the refresh token. To those whom it does not accept it sends an empty or expired one, which means nothing.
 *
 * @param sent - The token that the request carried.
 * @returns `undefined` when there is none. Secret.
 */
export function newTokenOf(headers: Headers, sent: string, now: Date): string | undefined {
  let token: string | undefined;
  for (const line of headers.getSetCookie()) {
    const [pair = "", ...attributes] = line.split(";");
    const [, name, value = ""] = /^\s*([^=]*?)\s*=\s*"?(.*?)"?\s*$/.exec(pair) ?? [];
    if (name !== "token") continue;
    const usable = value !== sent && !isOver(attributes, now) && parseToken(value).form !== "invalid";
    // As in a browser, the last cookie of a name counts.
    token = usable ? value : undefined;
  }
  return token;
}

/** RFC 6265 section 5.3: `Max-Age` wins over `Expires`. */
function isOver(attributes: readonly string[], now: Date): boolean {
  const values = new Map(
    attributes.map((attribute) => {
      const [name = "", ...value] = attribute.split("=");
      return [name.trim().toLowerCase(), value.join("=").trim()] as const;
    }),
  );
  const age = values.get("max-age");
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) <= 0;
  const expires = Date.parse(values.get("expires") ?? "");
  return !Number.isNaN(expires) && expires <= now.getTime();
}
