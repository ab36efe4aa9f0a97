import {
  type Provider,
  type ProviderManifest,
  parseApiVersion,
  type ServerProvider,
} from "@meshauth/provider-api";
import { describe, expect, it } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import packageJson from "../package.json" with { type: "json" };
import none from "../src/index.js";

const provider: Provider = none;
const local = (name: string, key = name): ServerProvider => ({ key, name, type: "local" });
const remote = (name: string): ServerProvider => ({
  key: name,
  name,
  type: "remote",
  url: "https://cloud.example",
});

async function login(listed: readonly ServerProvider[] | undefined, typed?: string) {
  const host = fakeHost(
    listed === undefined ? {} : { server: { providers: async () => ({ kind: "ok", value: listed }) } },
  );
  const request = { options: {}, force: false, ...(typed === undefined ? {} : { serverName: typed }) };
  return { host, credential: await provider.login(request, host) };
}

describe("the name that is written", () => {
  it.each([
    { given: "without a server", listed: undefined, name: "None" },
    {
      given: "by an old server, which knows only None",
      listed: [local("None"), remote("Meshery")],
      name: "None",
    },
    {
      given: "by a new server, which lists Local",
      listed: [local("Local"), remote("Layer5")],
      name: "Local",
    },
    { given: "when both are listed", listed: [local("Local"), local("None")], name: "None" },
    { given: "when only the key says so", listed: [local("Built-in", "Local")], name: "Local" },
    { given: "in another letter case", listed: [local("LOCAL")], name: "Local" },
  ])("is $name $given", async ({ listed, name }) => {
    const { credential, host } = await login(listed);
    expect(credential).toEqual({ kind: "local", serverName: name });
    expect(host.warnings()).toEqual([]);
  });

  it("is None where Local was typed and no server can be asked: old servers know only None", async () => {
    expect((await login(undefined, "Local")).credential.serverName).toBe("None");
  });

  it("is what a reachable server lists, whatever was typed", async () => {
    expect((await login([local("None")], "Local")).credential.serverName).toBe("None");
    expect((await login([local("Local")], "None")).credential.serverName).toBe("Local");
  });

  it("does not take a remote provider that calls itself Local for the local one, and warns", async () => {
    const { credential, host } = await login([remote("Local")]);
    expect(credential.serverName).toBe("None");
    expect(host.warnings()).toEqual([expect.stringContaining("lists no local provider")]);
  });
});

it("asks nobody, listens nowhere and fetches nothing", async () => {
  const { host } = await login(undefined);
  expect(host.calls).toEqual(["providers"]);
  expect(host.questions).toEqual([]);
});

it("offers nothing that a credential without an account cannot do", () => {
  expect(Object.keys(provider).sort()).toEqual(["api", "id", "login"]);
});

it("declares what its module is", () => {
  const manifest = packageJson.meshauth as ProviderManifest;
  expect(parseApiVersion(manifest.api)).toEqual(provider.api);
  expect(manifest.providers.map(({ id }) => id)).toEqual([provider.id]);
  expect(packageJson.oclif).toEqual({});
});
