import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runServer } from "verdaccio";
import { pack } from "./provider-package.js";

/** A registry on loopback that knows only what a test publishes. */
export interface TestRegistry {
  readonly url: string;
  /** Publishes the package in a folder, under dist-tags besides `latest`. */
  publish(root: string, tag?: string): Promise<void>;
  /** Publishes a tarball as it is, under the name and version that this `package.json` gives. */
  publishTarball(pjson: { readonly name: string; readonly version: string }, tarball: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts a registry that asks nobody else and lets everybody publish. */
export async function startRegistry(): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), "meshauth-registry-"));
  const config = {
    self_path: join(folder, "config.yaml"),
    configPath: join(folder, "config.yaml"),
    storage: join(folder, "storage"),
    uplinks: {},
    packages: { "**": { access: "$all", publish: "$all", unpublish: "$all" } },
    auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: -1 } },
    log: { type: "stdout", format: "json", level: "fatal" },
    web: { enable: false },
  };
  const server = await runServer(config as never);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    async publish(root, tag = "latest") {
      const pjson = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Published;
      await publish(url, pjson, await pack(root, join(folder, "packed")), tag);
    },
    publishTarball: (pjson, tarball) => publish(url, pjson, tarball, "latest"),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Published {
  readonly name: string;
  readonly version: string;
}

/** The request that `npm publish` makes, without its need for a login. */
async function publish(url: string, pjson: Published, tarball: string, tag: string): Promise<void> {
  const { name, version } = pjson;
  const content = await readFile(tarball);
  const file = `${name}-${version}.tgz`;
  const dist = {
    tarball: `${url}${name}/-/${file}`,
    shasum: createHash("sha1").update(content).digest("hex"),
    integrity: `sha512-${createHash("sha512").update(content).digest("base64")}`,
  };
  const response = await fetch(`${url}${name.replace("/", "%2f")}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      _id: name,
      name,
      "dist-tags": { [tag]: version },
      versions: { [version]: { ...pjson, _id: `${name}@${version}`, dist } },
      _attachments: {
        [file]: {
          content_type: "application/octet-stream",
          data: content.toString("base64"),
          length: content.length,
        },
      },
    }),
  });
  if (!response.ok)
    throw new Error(`The registry did not take ${name}: ${response.status} ${await response.text()}`);
}
