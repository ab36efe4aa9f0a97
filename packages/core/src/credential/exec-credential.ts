import { MeshauthError } from "../errors/error.js";
import { printable } from "../text.js";
import type { FreshCredential } from "./fresh-as-it-is.js";
import { requireToken } from "./token-text.js";

const GROUP = "client.authentication.k8s.io";
const VERSIONS: readonly string[] = ["v1", "v1beta1"];

/** What a Kubernetes client takes from its exec plugin: `client.authentication.k8s.io/v1` `ExecCredential`. */
export interface ExecCredential {
  readonly apiVersion: string;
  readonly kind: "ExecCredential";
  readonly status: {
    /** RFC 3339; the client asks again afterwards. Absent: it keeps the token while its process lives. */
    readonly expirationTimestamp?: string;
    readonly token: string;
  };
}

/**
 * A credential for a Kubernetes client, which takes the version of the answer that it asked for in
 * `KUBERNETES_EXEC_INFO`.
 *
 * @throws MeshauthError `MESHAUTH_E_NOT_AUTHENTICATED` for a login without a token, `MESHAUTH_E_USAGE` for a
 *   version that does not exist.
 */
export function execCredential(
  credential: FreshCredential,
  env: Readonly<Record<string, string | undefined>>,
): ExecCredential {
  const { accessToken } = requireToken(credential);
  const { expiresAt } = credential;
  return {
    apiVersion: `${GROUP}/${askedVersion(env["KUBERNETES_EXEC_INFO"])}`,
    kind: "ExecCredential",
    status: {
      // RFC 3339 has four digits for the year.
      ...(expiresAt === undefined || expiresAt.getUTCFullYear() > 9999
        ? {}
        : { expirationTimestamp: expiresAt.toISOString().replace(/\.\d+/, "") }),
      token: accessToken,
    },
  };
}

/** The client's question may be missing, as it is on a command line. */
function askedVersion(info: string | undefined): string {
  const asked = info ? apiVersionOf(info) : `${GROUP}/v1`;
  const version = asked?.startsWith(`${GROUP}/`) ? asked.slice(GROUP.length + 1) : undefined;
  if (version !== undefined && VERSIONS.includes(version)) return version;
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: "The Kubernetes client asks for a form of the credential that does not exist.",
    why:
      asked === undefined
        ? "KUBERNETES_EXEC_INFO is not the JSON of an ExecCredential."
        : `KUBERNETES_EXEC_INFO asks for ${printable(asked, 80)}.`,
    next: [`Set apiVersion: ${GROUP}/v1 for the exec plugin in the kubeconfig.`],
  });
}

function apiVersionOf(info: string): string | undefined {
  try {
    const value: unknown = JSON.parse(info);
    if (typeof value !== "object" || value === null || !("apiVersion" in value)) return undefined;
    return typeof value.apiVersion === "string" ? value.apiVersion : undefined;
  } catch {
    return undefined;
  }
}
