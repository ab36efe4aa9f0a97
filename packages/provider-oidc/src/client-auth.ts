import { createPrivateKey, type JsonWebKey, webcrypto } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { type Host, ProviderError, printable } from "@meshauth/provider-api";
import * as oauth from "oauth4webapi";
import { type ClientAuth, type ClientSettings, KEY_VARIABLE, SECRET_VARIABLE } from "./settings.js";

const LARGEST = 64 * 1024;

const CHECK_FILES = "Check --client-secret-file or --client-key-file.";

/** The parameters of Web Cryptography for the algorithms of JWS (RFC 7518 section 3.1). */
const ALGORITHMS: Readonly<Record<string, webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams>> = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  PS256: { name: "RSA-PSS", hash: "SHA-256" },
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  ES384: { name: "ECDSA", namedCurve: "P-384" },
  ES512: { name: "ECDSA", namedCurve: "P-521" },
  EdDSA: { name: "Ed25519" } as webcrypto.EcKeyImportParams,
};

/**
 * Makes what proves to the server which client this is: nothing for a public client, its secret, or an assertion
 * signed with its key (RFC 7523).
 *
 * @throws {@link ProviderError} `input` when the secret or the key cannot be read.
 */
export async function clientAuth(
  settings: ClientSettings,
  server: oauth.AuthorizationServer,
  host: Host,
): Promise<oauth.ClientAuth> {
  switch (settings.clientAuth) {
    case "none":
      return oauth.None();
    case "client_secret":
    case "client_secret_basic":
    case "client_secret_post": {
      const secret = (await readProof(settings, SECRET_VARIABLE, host)).trim();
      for (const spelling of [secret, ...asForm(secret)]) host.secret(spelling);
      return takesPost(settings.clientAuth, server)
        ? oauth.ClientSecretPost(secret)
        : oauth.ClientSecretBasic(secret);
    }
    case "private_key_jwt":
      return oauth.PrivateKeyJwt(
        await readKey(
          await readProof(settings, KEY_VARIABLE, host),
          server.token_endpoint_auth_signing_alg_values_supported,
        ),
      );
  }
}

/**
 * How a secret is written on its way, as a server may quote it: as a member of a form, and as oauth4webapi encodes it for
 * Basic (RFC 6749 section 2.3.1 and appendix B).
 */
function asForm(secret: string): string[] {
  const form = new URLSearchParams({ "": secret }).toString().slice(1);
  const escaped = (mark: string): string => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
  return [form, form.replace(/[-_.*]/g, escaped)];
}

/** Without a list it is Basic (OpenID Connect Discovery section 3). */
function takesPost(method: ClientAuth, server: oauth.AuthorizationServer): boolean {
  if (method !== "client_secret") return method === "client_secret_post";
  const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  return methods.includes("client_secret_post") && !methods.includes("client_secret_basic");
}

async function readProof({ proofFile }: ClientSettings, variable: string, host: Host): Promise<string> {
  const text = proofFile === undefined ? (host.env[variable] ?? "") : await readProofFile(proofFile, host);
  if (text.trim() !== "") return text;
  const where = proofFile === undefined ? variable : `the file ${printable(proofFile)}`;
  throw new ProviderError("input", "The client's secret or key is missing.", {
    reason: `The sign-in was made with one, and there is nothing in ${where}.`,
    next: [proofFile === undefined ? `Set ${variable}.` : CHECK_FILES],
  });
}

async function readProofFile(path: string, host: Host): Promise<string> {
  if (path === "-") return Buffer.from(await host.readStdin(LARGEST)).toString("utf8");
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size > LARGEST) throw new Error("It is no file, or too large.");
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === "ENOENT" ? "It does not exist." : "It has to be a file that you may read, of 64 KiB at most.";
    throw new ProviderError("input", `The file ${printable(path)} cannot be read.`, {
      reason: `${why} It is to hold the client's secret or key.`,
      next: [CHECK_FILES],
      cause,
    });
  }
}

async function readKey(text: string, accepted: readonly string[] | undefined): Promise<oauth.PrivateKey> {
  try {
    const given = text.trim().startsWith("{") ? (JSON.parse(text) as JsonWebKey) : undefined;
    const key = createPrivateKey(given === undefined ? text : { key: given, format: "jwk" });
    const jwk = key.export({ format: "jwk" });
    const suitable = suitableFor(jwk).filter((alg) => given?.["alg"] === undefined || given["alg"] === alg);
    const alg = suitable.find((one) => accepted?.includes(one)) ?? suitable[0];
    const parameters = alg === undefined ? undefined : ALGORITHMS[alg];
    if (parameters === undefined) throw new Error("No algorithm fits.");
    const kid = given?.["kid"];
    return {
      key: await webcrypto.subtle.importKey("jwk", jwk, parameters, false, ["sign"]),
      ...(typeof kid === "string" ? { kid } : {}),
    };
  } catch {
    // The cause would quote what it could not read.
    throw new ProviderError("input", "The client's key cannot be used.", {
      reason: "It has to be an RSA, EC or Ed25519 private key, as unencrypted PEM or as a JWK.",
      next: [`Check --client-key-file, or ${KEY_VARIABLE}.`],
    });
  }
}

function suitableFor({ kty, crv }: JsonWebKey): readonly string[] {
  if (kty === "RSA") return ["RS256", "PS256"];
  const byCurve: Readonly<Record<string, string>> = {
    "P-256": "ES256",
    "P-384": "ES384",
    "P-521": "ES512",
    Ed25519: "EdDSA",
  };
  const alg = byCurve[crv ?? ""];
  return alg === undefined ? [] : [alg];
}
