import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { type Authority, authority, hasOpenssl } from "./certificates.js";
import { failure, fetching } from "./fetching.js";
import { serveProxy, serveTls } from "./servers.js";

const INNER = "MESHAUTH_TEST_AUTHORITY";
const folder = process.env[INNER];
const refused = { code: "unreachable" } as const;

// The trust in NODE_EXTRA_CA_CERTS is read when a process starts, so those tests run in a second one.
function insideTests(made: Authority): void {
  test("a certificate of the private authority is accepted", async () => {
    const { origin } = await serveTls(await made.leaf("localhost"), (_, response) => response.end("safe"));
    expect((await fetching().fetch(origin)).text).toBe("safe");
  });

  test("also through a proxy, and the proxy sees host and port only", async () => {
    const { port } = await serveTls(await made.leaf("cloud.example"), (_, response) => response.end("safe"));
    const proxy = await serveProxy(port);
    const { fetch } = fetching({ env: { https_proxy: proxy.url } });
    expect((await fetch("https://cloud.example/path?query=1")).text).toBe("safe");
    expect(proxy.seen).toEqual(["CONNECT cloud.example:443"]);
  });

  test("an expired certificate", async () => {
    const { origin } = await serveTls(await made.leaf("localhost", -1), (_, response) => response.end());
    const error = await failure(fetching().fetch(origin));
    expect(error).toMatchObject(refused);
    expect(error.reason).toMatch(/has expired/);
    expect(error.next.join()).toMatch(/clock/);
  });

  test("a certificate for another host, direct and through a proxy", async () => {
    const { origin, port } = await serveTls(await made.leaf("other.example"), (_, response) =>
      response.end(),
    );
    const proxy = await serveProxy(port);
    const { fetch } = fetching({ env: { https_proxy: proxy.url } });
    for (const address of [origin, "https://cloud.example/"]) {
      const error = await failure(fetch(address));
      expect(error).toMatchObject(refused);
      expect(error.reason).toMatch(/another host name/);
    }
  });
}

function outsideTests(): void {
  test("a self-signed certificate", async () => {
    const made = authority();
    const { origin } = await serveTls(await made.selfSigned("localhost"), (_, response) => response.end());
    const error = await failure(fetching().fetch(origin));
    expect(error).toMatchObject(refused);
    expect(error.reason).toMatch(/self-signed/);
    expect(error.next.join()).toMatch(/NODE_EXTRA_CA_CERTS/);
  });

  test("a certificate whose issuer is not known", async () => {
    const made = authority();
    const { origin } = await serveTls(await made.leaf("localhost"), (_, response) => response.end());
    const error = await failure(fetching().fetch(origin));
    expect(error).toMatchObject(refused);
    expect(error.reason).toMatch(/issuer is not known/);
    expect(error.next.join()).toMatch(/NODE_EXTRA_CA_CERTS/);
  });

  test("a chain that ends in a root that is not known, as behind an inspecting proxy", async () => {
    const made = authority();
    const leaf = await made.leaf("localhost");
    const chain = { key: leaf.key, cert: `${leaf.cert}\n${await made.root()}` };
    const { origin, port } = await serveTls(chain, (_, response) => response.end());
    const proxy = await serveProxy(port);
    const { fetch } = fetching({ env: { HTTPS_PROXY: proxy.url } });
    for (const address of [origin, "https://localhost.example/"]) {
      const error = await failure(fetch(address));
      expect(error).toMatchObject(refused);
      expect(error.reason).toMatch(/root that this machine does not know/);
      expect(error.next.join()).toMatch(/NODE_EXTRA_CA_CERTS/);
    }
  });

  test("with NODE_EXTRA_CA_CERTS: trusted, expired and misnamed certificates", async () => {
    const made = authority();
    const file = join(made.folder, "extra.pem");
    await writeFile(file, await made.root());
    const vitest = fileURLToPath(new URL("../../../../node_modules/vitest/vitest.mjs", import.meta.url));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [vitest, "run", "--reporter=json", fileURLToPath(import.meta.url)],
      {
        cwd: fileURLToPath(new URL("../../../../", import.meta.url)),
        env: { ...process.env, NODE_EXTRA_CA_CERTS: file, [INNER]: made.folder },
      },
    );
    const report = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
      numPassedTests: number;
      numFailedTests: number;
    };
    expect(report).toMatchObject({ numPassedTests: 4, numFailedTests: 0 });
  }, 60_000);
}

if (folder !== undefined) {
  describe("TLS with NODE_EXTRA_CA_CERTS", () => insideTests(authority(folder)));
} else if (hasOpenssl()) {
  describe("TLS", outsideTests);
} else {
  test("TLS is not tested: openssl is not installed, and Node cannot make certificates", () => {
    expect(hasOpenssl()).toBe(false);
  });
}
