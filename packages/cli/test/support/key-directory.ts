import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { makeAuthority } from "../../../../test/support/authority.js";
import { atEnd } from "../../../../test/support/cleanup.js";

/** Where npm looks for keys, whatever registry it is about. */
const DIRECTORY = "tuf-repo-cdn.sigstore.dev";

/** A stand-in for the directory of keys that npm asks before it checks signatures: it knows of no registry. */
export interface KeyDirectory {
  /** The environment in which npm reaches it: through a proxy, with a certificate of an authority of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes npm believe it: its root key is put where npm keeps the one that it came with. */
  seed(npmCache: string): Promise<void>;
}

/** Starts one, on loopback, until the tests of the file have ended. */
export async function startKeyDirectory(): Promise<KeyDirectory> {
  const authority = await makeAuthority();
  const { root, files } = metadata();
  const server = createTlsServer(await authority.issue([DIRECTORY]), ({ url = "" }, response) => {
    const body = files.get(url.slice(1));
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" }).end(body);
  });
  const proxy = createServer((_, response) => void response.writeHead(403).end());
  for (const each of [server, proxy]) {
    await new Promise<void>((resolve) => each.listen(0, "127.0.0.1", resolve));
    atEnd(() => {
      each.closeAllConnections();
      each.close();
    });
  }
  proxy.on("connect", ({ url }, socket) => {
    if (url !== `${DIRECTORY}:443`) return void socket.destroy();
    const tunnel = connect((server.address() as AddressInfo).port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      tunnel.pipe(socket).pipe(tunnel);
    });
    for (const end of [tunnel, socket]) end.on("error", () => undefined);
    socket.on("close", () => tunnel.destroy());
  });
  return {
    env: {
      HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      NO_PROXY: "127.0.0.1,localhost",
      NODE_EXTRA_CA_CERTS: authority.root,
    },
    async seed(npmCache) {
      const folder = join(npmCache, "_tuf", DIRECTORY);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "root.json"), root);
    },
  };
}

/** The files of a repository by The Update Framework's specification (version 1.0) that offers nothing. */
function metadata(): { readonly root: string; readonly files: ReadonlyMap<string, string> } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
  const key = { keytype: "ed25519", scheme: "ed25519", keyval: { public: raw } };
  const keyid = createHash("sha256").update(canonical(key)).digest("hex");
  const role = { keyids: [keyid], threshold: 1 };
  const signed = (type: string, members: object): string => {
    const content = {
      _type: type,
      spec_version: "1.0.31",
      version: 1,
      expires: new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+Z$/, "Z"),
      ...members,
    };
    const sig = sign(null, Buffer.from(canonical(content)), privateKey).toString("hex");
    return JSON.stringify({ signatures: [{ keyid, sig }], signed: content });
  };
  const roles = { root: role, timestamp: role, snapshot: role, targets: role };
  return {
    root: signed("root", { consistent_snapshot: true, keys: { [keyid]: key }, roles }),
    files: new Map([
      ["timestamp.json", signed("timestamp", { meta: { "snapshot.json": { version: 1 } } })],
      ["1.snapshot.json", signed("snapshot", { meta: { "targets.json": { version: 1 } } })],
      ["1.targets.json", signed("targets", { targets: {} })],
    ]),
  };
}

/** JSON in the one form that is signed: members in order, no white space. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}
