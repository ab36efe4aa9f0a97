import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestRegistry } from "./registry.js";

/** What a registry does about the signature of a package. */
export type Signature = "good" | "bad" | "none";

/** What the registry tells of a package besides. */
export interface Told {
  readonly signature?: Signature;
  /** Who published it, and who may. */
  readonly user?: string;
  readonly maintainers?: readonly string[];
  /** When the versions were published. */
  readonly time?: Readonly<Record<string, string>>;
}

/** A registry that signs its packages. */
export interface SigningRegistry {
  readonly url: string;
  /** What it tells of a package from now on; a good signature, if nothing else is said. */
  tell(name: string, told: Told): void;
  close(): Promise<void>;
}

interface Packument {
  readonly name?: string;
  readonly versions?: Record<string, Version>;
  time?: Record<string, string>;
  maintainers?: unknown;
}

interface Version {
  dist: { integrity: string; tarball: string; signatures?: unknown };
  _npmUser?: unknown;
}

/** Stands before a registry and adds what the public one has: signatures, the users behind a package, times. */
export async function startSigningRegistry(registry: TestRegistry): Promise<SigningRegistry> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const der = publicKey.export({ format: "der", type: "spki" });
  const keyid = `SHA256:${createHash("sha256").update(der).digest("base64").replace(/=+$/, "")}`;
  const key = {
    keyid,
    keytype: "ecdsa-sha2-nistp256",
    scheme: "ecdsa-sha2-nistp256",
    key: der.toString("base64"),
    expires: null,
  };
  const told = new Map<string, Told>();

  function amended(packument: Packument, host: string): Packument {
    const { name = "", versions = {} } = packument;
    const { signature = "good", user, maintainers, time } = told.get(name) ?? {};
    for (const [version, entry] of Object.entries(versions)) {
      const content = `${name}@${version}:${signature === "bad" ? "something else" : entry.dist.integrity}`;
      const sig = sign("SHA256", Buffer.from(content), privateKey).toString("base64");
      // Like any registry, it has the tarballs itself.
      entry.dist.tarball = entry.dist.tarball.replace(new URL(registry.url).host, host);
      if (signature !== "none") entry.dist.signatures = [{ keyid, sig }];
      if (user !== undefined) entry._npmUser = { name: user, email: `${user}@acme.example` };
    }
    if (maintainers)
      packument.maintainers = maintainers.map((one) => ({ name: one, email: `${one}@acme.example` }));
    if (time) packument.time = { ...packument.time, ...time };
    return packument;
  }

  const server = createServer(async ({ url = "/", headers, method }, response) => {
    if (url === "/-/npm/v1/keys") return void response.end(JSON.stringify({ keys: [key] }));
    const { host: _, connection: __, "if-none-match": ___, "accept-encoding": ____, ...others } = headers;
    // Short metadata has no times.
    const accept = "application/json";
    const answer = await fetch(new URL(url, registry.url), {
      method: method ?? "GET",
      headers: { ...(others as Record<string, string>), accept, "x-forwarded-host": headers.host ?? "" },
    });
    const body = Buffer.from(await answer.arrayBuffer());
    const isPackument = answer.ok && (answer.headers.get("content-type") ?? "").includes("json");
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    const { host = "" } = headers;
    response.end(isPackument ? JSON.stringify(amended(JSON.parse(body.toString("utf8")), host)) : body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    tell: (name, what) => void told.set(name, what),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
