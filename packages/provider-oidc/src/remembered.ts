import { resolve } from "node:path";
import { type Credential, type Host, ProviderError } from "@meshauth/provider-api";
import { readIssuer } from "./issuer.js";
import type { ClientProof, ClientSettings } from "./settings.js";

/**
 * Members of `auth.json` that later calls need and are given in no other way. None is a secret: a client's id and
 * a path are, and a secret itself stays where it was.
 */
const CLIENT = "oidc-client-id";
const PROOF = "oidc-client-auth";
const PROOF_FILE = "oidc-client-auth-file";
const RESOURCE = "oidc-resource";
const SUBJECT = "oidc-subject";

/** What to keep of a login. */
export function toMembers(settings: ClientSettings, subject: string | undefined): Record<string, string> {
  const { clientId, proof, proofFile, resource } = settings;
  return {
    [CLIENT]: clientId,
    [PROOF]: proof,
    // What came from standard input is not there a second time: the environment is looked at instead.
    ...(proofFile === undefined || proofFile === "-" ? {} : { [PROOF_FILE]: resolve(proofFile) }),
    ...(resource === undefined ? {} : { [RESOURCE]: resource }),
    ...(subject === undefined ? {} : { [SUBJECT]: subject }),
  };
}

/** What a login kept. */
export interface Remembered {
  readonly settings: ClientSettings;
  /** The `sub` of the ID token. */
  readonly subject: string | undefined;
}

/** @throws {@link ProviderError} `unreachable` when nothing tells where the credential came from. */
export function remembered({ origin, members }: Credential, host: Host): Remembered {
  const clientId = members?.[CLIENT] ?? host.env["MESHAUTH_OIDC_CLIENT_ID"];
  if (origin === undefined || clientId === undefined || clientId === "") {
    throw new ProviderError("unreachable", "The server of this sign-in is not known.", {
      reason: "Another program wrote the file, or dropped the name of the client from it.",
      next: ["meshauth login oidc --issuer URL --client-id ID"],
    });
  }
  const [proofFile, resource] = [members?.[PROOF_FILE], members?.[RESOURCE]];
  return {
    settings: {
      issuer: readIssuer(origin),
      clientId,
      proof: readProof(members?.[PROOF]),
      ...(proofFile === undefined ? {} : { proofFile }),
      ...(resource === undefined ? {} : { resource }),
    },
    subject: members?.[SUBJECT],
  };
}

function readProof(text: string | undefined): ClientProof {
  return text === "secret" || text === "key" ? text : "none";
}
