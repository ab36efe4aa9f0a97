import { resolve } from "node:path";
import { type Credential, ProviderError } from "@meshauth/provider-api";
import { readIssuer } from "./issuer.js";
import type { ClientProof, ClientSettings } from "./settings.js";

/**
 * Parameters of the origin of a credential. Later calls are given nothing of the login but that, and an issuer has
 * no query of its own. None is a secret: the id of a client and the path of a file are, and a secret stays where it
 * was. In `auth.json` they would be lost when another tool writes it, and be open to all of them.
 */
const CLIENT = "client_id";
const PROOF = "client_auth";
const PROOF_FILE = "client_auth_file";
const RESOURCE = "resource";
const SUBJECT = "sub";

/** What a login kept. */
export interface Remembered {
  readonly settings: ClientSettings;
  /** The `sub` of the ID token. */
  readonly subject: string | undefined;
}

/** The address to keep of a login. */
export function toOrigin(issuer: string, settings: ClientSettings, subject: string | undefined): string {
  const { clientId, proof, proofFile, resource } = settings;
  const origin = new URL(issuer);
  origin.searchParams.set(CLIENT, clientId);
  if (proof !== "none") origin.searchParams.set(PROOF, proof);
  // What came from standard input is not there a second time: the environment is looked at instead.
  if (proofFile !== undefined && proofFile !== "-") origin.searchParams.set(PROOF_FILE, resolve(proofFile));
  if (resource !== undefined) origin.searchParams.set(RESOURCE, resource);
  if (subject !== undefined) origin.searchParams.set(SUBJECT, subject);
  return origin.href;
}

/** @throws {@link ProviderError} `unreachable` when nothing tells where the credential came from. */
export function remembered({ origin }: Credential): Remembered {
  const issuer = origin !== undefined && URL.canParse(origin) ? new URL(origin) : undefined;
  const kept = new Map(issuer?.searchParams ?? []);
  const clientId = kept.get(CLIENT);
  if (issuer === undefined || clientId === undefined) {
    throw new ProviderError("unreachable", "The server of this sign-in is not known.", {
      reason: "Another program made it: neither the issuer nor the client is kept with it.",
      next: ["meshauth login oidc --issuer URL --client-id ID"],
    });
  }
  issuer.search = "";
  const [proofFile, resource] = [kept.get(PROOF_FILE), kept.get(RESOURCE)];
  return {
    settings: {
      issuer: readIssuer(issuer.href),
      clientId,
      proof: readProof(kept.get(PROOF)),
      ...(proofFile === undefined ? {} : { proofFile }),
      ...(resource === undefined ? {} : { resource }),
    },
    subject: kept.get(SUBJECT),
  };
}

function readProof(text: string | undefined): ClientProof {
  return text === "secret" || text === "key" ? text : "none";
}
