import { type ErrorCode, MeshauthError, printable } from "@meshauth/core";
import { withoutPasswords } from "./without-passwords.js";

const CLASSES: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/^(?:E404|ETARGET|ENOVERSIONS)$/, "MESHAUTH_E_PLUGIN", "The registry has no such package or version."],
  [
    /^(?:EBADENGINE|EBADPLATFORM)$/,
    "MESHAUTH_E_PLUGIN",
    "The package, or one that it needs, is not for this Node or this system.",
  ],
  [/^ERESOLVE$/, "MESHAUTH_E_PLUGIN", "What the package needs does not go with the other plugins."],
  [
    /^EALLOW/,
    "MESHAUTH_E_PLUGIN_UNSAFE",
    "It, or a package that it needs, would come from a repository, an address or a folder instead of the registry.",
  ],
  [/^TAR_ABORT$/, "MESHAUTH_E_PLUGIN_UNSAFE", "It would unpack to far more than its size tells."],
  [/^(?:EINTEGRITY|TAR_|ENOPACKAGEJSON|EJSONPARSE|Z_)/, "MESHAUTH_E_PLUGIN", "The package is damaged."],
  [
    /^(?:E401|E403|ENEEDAUTH|EOTP)$/,
    "MESHAUTH_E_PLUGIN",
    "The registry does not let this user have the package.",
  ],
  [
    /^(?:EACCES|EPERM|EROFS|ENOSPC|EDQUOT|EMFILE)$/,
    "MESHAUTH_E_STORE",
    "The operating system refused a file of the plugins folder or of npm's cache.",
  ],
  [
    /^(?:ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|EHOST|ENET|ERR_SOCKET|EPROTO|CERT_|SELF_SIGNED|UNABLE_TO|DEPTH_ZERO|ERR_TLS|FETCH_ERROR|E5\d\d|E429)/,
    "MESHAUTH_E_NETWORK",
    "The registry cannot be reached.",
  ],
];

/**
 * An error for what npm ended with.
 *
 * @param stdout - Of `npm --json`: a document with the member `error`.
 * @param operands - What npm was to work on.
 */
export function npmFailure(stdout: string, operands: string): MeshauthError {
  const { code, summary } = npmErrorOf(stdout) ?? { code: "", summary: "" };
  const [, kind, why] = CLASSES.find(([pattern]) => pattern.test(code)) ?? [
    /./,
    "MESHAUTH_E_PLUGIN" as const,
    "npm failed.",
  ];
  const detail = summary === "" ? "" : ` npm says: ${printable(summary, 300)}`;
  return new MeshauthError(kind, {
    message: `npm could not do its work for ${printable(withoutPasswords(operands), 120)}.`,
    why: `${why}${detail}${code === "" ? "" : ` (${printable(code, 40)})`}`,
    next: NEXT[kind] ?? ["meshauth plugins install NAME --verbose"],
  });
}

const NEXT: Partial<Record<ErrorCode, readonly string[]>> = {
  MESHAUTH_E_NETWORK: [
    "Check the registry in npm's settings and the proxy, and try again.",
    "npm config get registry",
  ],
  MESHAUTH_E_STORE: ["Make room, or make the folder yours, and try again."],
};

/** What npm says of its failure, without passwords of addresses; `undefined` when it does not. */
export function npmErrorOf(stdout: string): { readonly code: string; readonly summary: string } | undefined {
  try {
    const { error } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
      error?: { code?: unknown; summary?: unknown };
    };
    return (
      error && { code: String(error.code ?? ""), summary: withoutPasswords(String(error.summary ?? "")) }
    );
  } catch {
    return undefined;
  }
}

/** Whether npm failed because somebody could not be reached. */
export function isUnreachable(code: string): boolean {
  return CLASSES.some(([pattern, kind]) => kind === "MESHAUTH_E_NETWORK" && pattern.test(code));
}
