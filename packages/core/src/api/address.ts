import { MeshauthError } from "../errors/error.js";
import { inspectUrl } from "../http/index.js";

const SCHEME = /^[a-z][a-z\d+.-]*:/i;
// A proxy on the way may read %2f, %5c and a backslash as a slash, or take parameters after a semicolon off.
const DOT_SEGMENT = /(^|[/\\]|%2f|%5c)(\.|%2e){1,2}([/\\;]|%2f|%5c|%3b|$)/i;

/**
 * The address that a request goes to: a path below the server's address, or a full address that is one of the
 * server's. What could lead elsewhere is refused and not corrected, as the credential goes with the request.
 *
 * @param server - The Meshery Server's address; a path prefix is kept.
 * @param isOwn - Whether an address is one of the server's.
 * @throws MeshauthError `MESHAUTH_E_USAGE`
 */
export function apiAddress(text: string, server: string, isOwn: (address: URL) => boolean): URL {
  if (text === "") throw unusable("It is empty; the root of the server is /.");
  const full = SCHEME.test(text);
  const path = text.replace(full ? /^[^:]*:\/\/[^/?#]*/ : "", "").replace(/[?#].*$/su, "");
  if (!full && path.startsWith("//")) throw unusable("It starts with //, which would name another host.");
  // Encoded once more, %2e is %252e, for those who decode twice.
  if (DOT_SEGMENT.test(path.replace(/%(?:25)+/g, "%")))
    throw unusable("It has . or .. between slashes, plain or encoded.");
  if (text.includes("#")) throw unusable("It has a #, after which nothing is sent; write it as %23.");
  const base = server.replace(/\/+$/, "");
  const verdict = inspectUrl(full ? text : `${base}/${text.replace(/^\//, "")}`, { allowHttp: true });
  if (verdict.kind === "refused") throw unusable(`It ${verdict.reason}.`);
  if (!isOwn(verdict.url)) {
    throw new MeshauthError("MESHAUTH_E_USAGE", {
      message: "The address is not one of the Meshery Server's.",
      why: `The credential is sent below ${base} only.`,
      next: ["Give the path alone, such as /api/user.", "Name another server with --server or --context."],
    });
  }
  return verdict.url;
}

function unusable(why: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: "The path cannot be used.",
    why,
    next: ["Give a path such as /api/user or /api/pattern?page=1, with special characters encoded."],
  });
}
