import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { startRegistry } from "../../../packages/cli/test/support/registry.js";
import { atEnd } from "../../support/cleanup.js";
import { startMirror } from "../../support/mirror.js";

/** A request that publishes. */
export interface Upload {
  /** `name@version` */
  readonly package: string;
  readonly status: number;
  readonly tags: readonly string[];
}

/** A real registry on loopback, behind a server that writes down what is published. */
export interface RecordingRegistry {
  readonly url: string;
  /** Takes what has been published since the last call, in its order. */
  takeUploads(): Upload[];
  /** Lets the registry store the next package, but never tells the client. @returns when it is stored. */
  swallowNextAnswer(): Promise<void>;
  /** The registry's document of a package. */
  metadata(name: string): Promise<Metadata>;
  tarball(name: string, version: string): Promise<Uint8Array>;
}

export interface Metadata {
  readonly "dist-tags": Readonly<Record<string, string>>;
  readonly versions: Readonly<
    Record<string, { readonly dist: { readonly tarball: string }; readonly gitHead?: string }>
  >;
}

/** Starts a registry that has none of our packages; what users need of others comes from what is installed. */
export async function startRecordingRegistry(): Promise<RecordingRegistry> {
  const registry = await startRegistry();
  const mirror = await startMirror(["@meshauth/cli"]);
  let uploads: Upload[] = [];
  let swallow: (() => void) | undefined;

  const server = createServer((incoming, outgoing) => {
    const own = incoming.url?.startsWith("/@meshauth") ?? false;
    void forward(own ? registry.url : mirror.url, incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function forward(to: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const answer = await send(to, incoming, body);
    const document = incoming.method === "PUT" ? parse(body) : undefined;
    if (document?.versions) {
      const [version = ""] = Object.keys(document.versions);
      const tags = Object.keys(document["dist-tags"] ?? {});
      uploads.push({ package: `${document.name}@${version}`, status: answer.status, tags });
      if (swallow) {
        swallow();
        swallow = undefined;
        return;
      }
    }
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  atEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await Promise.all([registry.close(), mirror.close()]);
  });
  const metadata = async (name: string): Promise<Metadata> => {
    const response = await fetch(`${url}${name.replace("/", "%2f")}`);
    if (response.status === 404) return { "dist-tags": {}, versions: {} };
    return (await response.json()) as Metadata;
  };
  return {
    url,
    metadata,
    takeUploads() {
      const taken = uploads;
      uploads = [];
      return taken;
    },
    swallowNextAnswer: () => new Promise((resolve) => (swallow = resolve)),
    async tarball(name, version) {
      const at = (await metadata(name)).versions[version]?.dist.tarball ?? "";
      return new Uint8Array(await (await fetch(at)).arrayBuffer());
    },
  };
}

interface PublishDocument {
  readonly name: string;
  readonly versions?: object;
  readonly "dist-tags"?: object;
}

function parse(body: Buffer): PublishDocument | undefined {
  try {
    return JSON.parse(body.toString()) as PublishDocument;
  } catch {
    return undefined;
  }
}

/** The request once more, to another server; its host stays the client's, as addresses of tarballs are made of it. */
function send(
  to: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<{ status: number; headers: IncomingMessage["headers"]; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(new URL(url ?? "/", to), { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).once("error", reject);
      response.once("end", () => {
        const { "transfer-encoding": _, ...kept } = response.headers;
        resolve({ status: response.statusCode ?? 502, headers: kept, body: Buffer.concat(chunks) });
      });
    })
      .once("error", reject)
      .end(body);
  });
}
