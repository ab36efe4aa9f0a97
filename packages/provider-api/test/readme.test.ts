import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Host,
  PROVIDER_API,
  type Provider,
  type ProviderManifest,
  parseApiVersion,
} from "@meshauth/provider-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeHost } from "./support/fake-host.js";

/** The example of the README, as a reader would have it on disk. */
let folder: string;
let manifest: ProviderManifest;
let provider: Provider;

beforeEach(async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [json = ""] = blocks(readme, "json");
  const [module = ""] = blocks(readme, "js");
  folder = await mkdtemp(join(tmpdir(), "meshauth-readme-"));
  const file = join(folder, "index.js");
  await writeFile(file, module);
  manifest = (JSON.parse(json) as { meshauth: ProviderManifest }).meshauth;
  provider = ((await import(/* @vite-ignore */ file)) as { default: Provider }).default;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function blocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(
    ([, text]) => text ?? "",
  );
}

describe("the README's example", () => {
  it("says the same in manifest and module", () => {
    expect(manifest.providers.map(({ id }) => id)).toEqual([provider.id]);
    expect(parseApiVersion(manifest.api)).toEqual(PROVIDER_API);
  });

  it("takes a token from standard input, or asks for one, or says what to do", async () => {
    const request = { options: {}, force: false };
    const token = "made-up-token";
    const expected = { kind: "token", serverName: "Acme", token, origin: "https://login.acme.example" };
    await expect(provider.login({ ...request, token }, fakeHost())).resolves.toEqual(expected);
    const person = fakeHost({ interactive: true, answers: { ask: [token] } });
    await expect(provider.login(request, person)).resolves.toEqual(expected);
    await expect(provider.login(request, fakeHost())).rejects.toMatchObject({ code: "interaction" });
    await expect(provider.login({ ...request, token: "x" }, fakeHost())).rejects.toMatchObject({
      code: "input",
    });
  });

  it("asks whose it is at the address that the login kept", async () => {
    const server = createServer((request, response) => {
      const good = request.url === "/me" && request.headers.authorization === "Bearer made-up-token";
      response.writeHead(good ? 200 : 401).end(good ? '{"id":"7","email":"a@acme.example"}' : "");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credential = { kind: "token", serverName: "Acme", token: "made-up-token", origin } as const;
    try {
      await expect(provider.identify?.(credential, fakeHost())).resolves.toEqual({
        id: "7",
        email: "a@acme.example",
      });
      const other = { ...credential, token: "made-up-other" };
      await expect(provider.identify?.(other, fakeHost())).rejects.toMatchObject({ code: "denied" });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe("the README's browser login", () => {
  /** The statements of the block, as a function of the host. */
  async function browserLogin(host: Host): Promise<string> {
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    const [, statements = ""] = blocks(readme, "js");
    const module = `export default async (host) => { const ACME = "https://login.acme.example";\n${statements}\nreturn code; };`;
    const file = join(folder, "browser.js");
    await writeFile(file, module);
    const run = (await import(/* @vite-ignore */ file)) as { default: (host: Host) => Promise<string> };
    return await run.default(host);
  }

  /** Comes back from the provider's page with these parameters. */
  const goBack = async (link: URL, parameters: Record<string, string>): Promise<number> => {
    const back = new URL(link.searchParams.get("redirect_uri") ?? "");
    back.search = new URLSearchParams(parameters).toString();
    return (await fetch(back, { redirect: "manual" })).status;
  };
  const stateOf = (link: URL) => link.searchParams.get("state") ?? "";

  it("takes the code of this login, and of no other", async () => {
    const statuses: number[] = [];
    const host = fakeHost({
      async browser(link) {
        statuses.push(await goBack(link, { code: "other", state: "other" }));
        await goBack(link, { code: "made-up-code", state: stateOf(link) });
      },
    });
    await expect(browserLogin(host)).resolves.toBe("made-up-code");
    expect(statuses).toEqual([400]);
    expect(host.links[0]?.href).toContain("https://login.acme.example/authorize?redirect_uri=http");
  });

  it("ends when the provider says no", async () => {
    const host = fakeHost({
      browser: async (link) => void (await goBack(link, { error: "access_denied", state: stateOf(link) })),
    });
    await expect(browserLogin(host)).rejects.toMatchObject({ code: "denied", reason: "access_denied" });
  });
});
