import { ERAS, type Simulator, startSimulator } from "@meshauth/meshery-simulator";
import { type ProviderManifest, parseApiVersion, type ServerProvider } from "@meshauth/provider-api";
import { parseToken } from "@meshauth/provider-api/format";
import { afterEach, describe, expect, it } from "vitest";
import { mesheryServer } from "../../provider-layer5/test/support/meshery-server.js";
import packageJson from "../package.json" with { type: "json" };
import { ENVELOPE, type Importing, importFile, jwt, map, provider } from "./support/importing.js";

const remote = (name: string): ServerProvider => ({
  key: name,
  name,
  type: "remote",
  url: "https://cloud.example",
});
const local: ServerProvider = { key: "Built-in", name: "Built-in", type: "local" };

async function importWith(listed: readonly ServerProvider[] | undefined, text: string, more: Importing = {}) {
  const server =
    listed === undefined
      ? {}
      : { server: { providers: async () => ({ kind: "ok" as const, value: listed }) } };
  return importFile("-", { ...server, ...more, stdin: text });
}

describe("the provider's name", () => {
  it("is --provider-name before the file's own", async () => {
    const options = { "provider-name": "Acme" };
    expect((await importWith(undefined, map("Layer5", ENVELOPE), { options })).credential.serverName).toBe(
      "Acme",
    );
  });

  it("is the file's own before the server's", async () => {
    const { credential } = await importWith([remote("Meshery")], map("Layer5", ENVELOPE));
    expect(credential.serverName).toBe("Layer5");
  });

  it("is the server's only remote provider for a token without a name", async () => {
    const { credential, host } = await importWith([local, remote("Meshery")], ENVELOPE);
    expect(credential.serverName).toBe("Meshery");
    expect(host.warnings()).toEqual([]);
  });

  it("is that provider's key where no cookie could carry its name", async () => {
    const listed = [{ ...remote("cloud.example"), name: "\u00dcber" }];
    expect((await importWith(listed, ENVELOPE)).credential.serverName).toBe("cloud.example");
  });

  it("is refused in a file when no server could be sent it", async () => {
    const failure = importWith(undefined, map("\u00dcber", ENVELOPE));
    await expect(failure).rejects.toMatchObject({ code: "input", message: expect.stringContaining("ASCII") });
  });

  it.each([
    { given: "without a server", listed: undefined },
    { given: "with several to choose from", listed: [remote("Meshery"), remote("Acme")] },
    { given: "with none to choose from", listed: [local] },
  ])("is Layer5 $given, which is told", async ({ listed }) => {
    const { credential, host } = await importWith(listed, ENVELOPE);
    expect(credential.serverName).toBe("Layer5");
    expect(host.warnings()[0]).toContain("--provider-name");
  });

  it("is warned of when the server does not list it: a good token would look expired", async () => {
    const { host } = await importWith([remote("Layer5")], map("Meshery", ENVELOPE));
    expect(host.warnings()).toEqual([expect.stringMatching(/does not list "Meshery".*"Layer5"/)]);
  });

  it("may be that of a local provider under any name that the server lists", async () => {
    const { credential } = await importWith([local], map("built-in", ""));
    expect(credential).toEqual({ kind: "local", serverName: "built-in" });
  });

  it.each(["", "a;b", "\u00dcber", " a", "a\u001b[2J", "x".repeat(65)])("cannot be %j", async (name) => {
    const failure = importWith(undefined, ENVELOPE, { options: { "provider-name": name } });
    await expect(failure).rejects.toMatchObject({ code: "usage" });
  });
});

describe("an API token's record meets a real server", () => {
  const running: Simulator[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((simulator) => simulator.close()));
  });

  it.each(ERAS)("%s: it is stored in a form that this server takes", async (era) => {
    const simulator = await startSimulator({ era });
    running.push(simulator);
    const server = mesheryServer(simulator.server.url);
    const accessToken = simulator.cloud.apiToken({ bare: true });
    const record = JSON.stringify({ id: "1", accessToken, isOauth: false });
    const { credential } = await importFile("-", { stdin: record, server });
    const bare = era.startsWith("2026");
    expect(credential.kind).toBe(bare ? "token" : "oauth2");
    expect(credential).toMatchObject(bare ? { token: accessToken } : { accessToken });
  });

  it("a record that no form helps stays as it came", async () => {
    const simulator = await startSimulator({ era: "2024" });
    running.push(simulator);
    const server = mesheryServer(simulator.server.url);
    const { credential } = await importFile("-", { stdin: JSON.stringify({ accessToken: jwt() }), server });
    expect(parseToken(credential.kind === "token" ? credential.token : "")).toEqual({ form: "jwt" });
  });
});

it("declares what its module is, and only what it can do", () => {
  const manifest = packageJson.meshauth as ProviderManifest;
  expect(parseApiVersion(manifest.api)).toEqual(provider.api);
  expect(manifest.providers.map(({ id }) => id)).toEqual([provider.id]);
  expect(packageJson.oclif).toEqual({});
  expect(Object.keys(provider).sort()).toEqual(["api", "id", "login", "saved"]);
});
