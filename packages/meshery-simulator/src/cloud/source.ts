/** Where a login is to end, and what comes along. */
export interface LoginTarget {
  readonly source: URL;
  /** The address as it was given: URL would rewrite parts of it. */
  readonly address: string;
}

/**
 * Reads the `source` of a login: unpadded base64url of an address, as mesheryctl and Meshery Server send
 * it. Only http addresses of this machine are taken, so that a token never leaves it.
 */
export function decodeSource(source: string): LoginTarget | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(source)) return undefined;
  const address = Buffer.from(source, "base64url").toString("utf8");
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }
  const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (!loopback || url.protocol !== "http:" || url.username !== "" || url.password !== "") return undefined;
  // A header is made of it: nothing but what may stand in an address.
  return /^[\x21-\x7e]+$/.test(address) ? { source: url, address } : undefined;
}

/** An address with query parameters added behind its own; path and query stay as they are. */
export function addQuery(address: string, query: string): string {
  if (query === "") return address;
  const [before = "", ...fragment] = address.split("#");
  const joint = before.includes("?") ? (/[?&]$/.test(before) ? "" : "&") : "?";
  return `${before}${joint}${query}${fragment.length > 0 ? `#${fragment.join("#")}` : ""}`;
}
