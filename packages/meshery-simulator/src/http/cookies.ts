/** The cookies of a request. Of two with one name the first counts, as in Go's `net/http`. */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at < 0) continue;
    const name = pair.slice(0, at).trim();
    if (name !== "" && !cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim());
  }
  return cookies;
}

/** A `Set-Cookie` header. Without `maxAge` (seconds) the cookie lasts as long as the browser runs. */
export function setCookie(name: string, value: string, maxAge?: number): readonly [string, string] {
  const age = maxAge === undefined ? "" : `; Max-Age=${maxAge}`;
  return ["Set-Cookie", `${name}=${value}; Path=/${age}; HttpOnly; SameSite=Lax`];
}

/** A `Set-Cookie` header that deletes a cookie: empty and expired. */
export function deleteCookie(name: string): readonly [string, string] {
  return ["Set-Cookie", `${name}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; HttpOnly`];
}
