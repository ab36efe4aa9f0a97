const SECRET_HEADERS: ReadonlySet<string> = new Set(["authorization", "proxy-authorization", "x-api-key"]);
const SECRET_COOKIES: ReadonlySet<string> = new Set(["token", "session_cookie"]);
const SECRET_MEMBERS =
  /"(?:access_?token|refresh_?token|id_?token|token|device_?code|client_?secret)"\s*:\s*"((?:[^"\\]|\\.){6,})"/gi;

/** The secrets that a header carries: a bearer value without its scheme, or the token cookies. */
export function secretsOfHeader(name: string, value: string): string[] {
  const header = name.toLowerCase();
  if (SECRET_HEADERS.has(header)) return [value.replace(/^[A-Za-z]+ +/, "")].filter(Boolean);
  if (header !== "cookie" && header !== "set-cookie") return [];
  const pairs = header === "cookie" ? value.split(";") : value.split(";", 1);
  return pairs.flatMap((pair) => {
    const [key = "", ...rest] = pair.split("=");
    const secret = rest
      .join("=")
      .trim()
      .replace(/^"(.*)"$/, "$1");
    return SECRET_COOKIES.has(key.trim()) && secret !== "" ? [secret] : [];
  });
}

/** The secrets that a JSON text carries, wherever they are in it, by the names that OAuth and Meshery use. */
export function secretsOfBody(text: string): string[] {
  return Array.from(text.matchAll(SECRET_MEMBERS), (match) => unescaped(match[1] ?? ""));
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
