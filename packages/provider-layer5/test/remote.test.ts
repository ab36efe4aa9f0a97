import type { OptionValues, Provider, ServerProvider } from "@meshauth/provider-api";
import { encodeEnvelope } from "@meshauth/provider-api/format";
import { describe, expect, it } from "vitest";
import { type FakeHostOptions, fakeHost } from "../../provider-api/test/support/fake-host.js";
import layer5 from "../src/index.js";

const provider: Provider = layer5;
const token = encodeEnvelope({ accessToken: "made-up-access-token" });

const layer5Cloud: ServerProvider = {
  key: "cloud.layer5.io",
  name: "Layer5",
  type: "remote",
  url: "https://cloud.layer5.io/",
};
const mesheryCloud: ServerProvider = {
  key: "cloud.meshery.io",
  name: "Meshery",
  type: "remote",
  url: "https://cloud.meshery.io",
};
const local: ServerProvider = { key: "Local", name: "Local", type: "local" };

interface Case extends FakeHostOptions {
  readonly listed?: readonly ServerProvider[];
  readonly options?: OptionValues;
  readonly serverName?: string;
}

/** A login with a token from standard input: which remote provider it is for shows in the result. */
async function choose({ listed, options = {}, serverName, ...more }: Case) {
  const host = fakeHost({
    ...(listed === undefined ? {} : { server: { providers: async () => ({ kind: "ok", value: listed }) } }),
    ...more,
  });
  const request = { options, force: false, token, ...(serverName === undefined ? {} : { serverName }) };
  return { host, credential: await provider.login(request, host) };
}

describe("without a Meshery Server", () => {
  it("it is Layer5 at its public address, without a warning", async () => {
    const { credential, host } = await choose({});
    expect(credential).toEqual({
      kind: "token",
      serverName: "Layer5",
      token,
      origin: "https://cloud.layer5.io",
    });
    expect(host.warnings()).toEqual([]);
  });

  it("the name that was typed is kept", async () => {
    expect((await choose({ serverName: "Meshery" })).credential.serverName).toBe("Meshery");
  });

  it("--provider-name wins over the name that was typed", async () => {
    const { credential } = await choose({ serverName: "Meshery", options: { "provider-name": "Acme" } });
    expect(credential).toMatchObject({ serverName: "Acme", origin: "https://cloud.layer5.io" });
  });

  it("another address without a name is a guess that is told of", async () => {
    const { credential, host } = await choose({ options: { "provider-url": "https://acme.example/" } });
    expect(credential).toMatchObject({ serverName: "Layer5", origin: "https://acme.example" });
    expect(host.warnings()).toEqual([expect.stringContaining("--provider-name")]);
  });
});

describe("with a Meshery Server", () => {
  it("the only remote provider is taken without a question", async () => {
    const { credential } = await choose({ listed: [local, mesheryCloud] });
    expect(credential).toMatchObject({ serverName: "Meshery", origin: "https://cloud.meshery.io" });
  });

  it("of several, the one that was typed is taken, in any letter case", async () => {
    const { credential } = await choose({ listed: [layer5Cloud, mesheryCloud], serverName: "mesherY" });
    expect(credential.origin).toBe("https://cloud.meshery.io");
  });

  it("a typed name that the server does not list does not keep the only remote provider out", async () => {
    const { credential } = await choose({ listed: [layer5Cloud], serverName: "Meshery" });
    expect(credential.origin).toBe("https://cloud.layer5.io");
  });

  it("of several, a person is asked", async () => {
    const { credential, host } = await choose({
      listed: [layer5Cloud, local, mesheryCloud],
      interactive: true,
      answers: { choose: ["cloud.meshery.io"] },
    });
    expect(host.offered).toEqual([
      { value: "cloud.layer5.io", label: "Layer5", hint: "https://cloud.layer5.io/" },
      { value: "cloud.meshery.io", label: "Meshery", hint: "https://cloud.meshery.io" },
    ]);
    expect(credential.origin).toBe("https://cloud.meshery.io");
  });

  it("of several without a person, the exact commands are named", async () => {
    await expect(choose({ listed: [layer5Cloud, mesheryCloud] })).rejects.toMatchObject({
      code: "interaction",
      next: [
        "meshauth login layer5 --provider-name Layer5 --token-stdin",
        "meshauth login layer5 --provider-name Meshery --token-stdin",
      ],
    });
  });

  it("two of one name are told apart by their keys, in the commands and by the option", async () => {
    const listed = [{ ...layer5Cloud, key: "Meshery", name: "Meshery" }, mesheryCloud];
    await expect(choose({ listed })).rejects.toMatchObject({
      next: [expect.stringContaining("Meshery"), expect.stringContaining("cloud.meshery.io")],
    });
    const first = await choose({ listed, options: { "provider-name": "Meshery" } });
    expect(first.credential.origin).toBe("https://cloud.layer5.io");
    const second = await choose({ listed, options: { "provider-name": "cloud.meshery.io" } });
    expect(second.credential.origin).toBe("https://cloud.meshery.io");
  });

  it("a hostile name cannot leave its word in a command to copy", async () => {
    const hostile = { ...mesheryCloud, name: "x'; touch y #\u001b[2J" };
    await expect(choose({ listed: [layer5Cloud, hostile] })).rejects.toMatchObject({
      next: [expect.anything(), "meshauth login layer5 --provider-name 'x'\\''; touch y #[2J' --token-stdin"],
    });
  });

  it("a name given by option that is not listed is a typing error, with the names that are", async () => {
    await expect(
      choose({ listed: [layer5Cloud, mesheryCloud], options: { "provider-name": "Acme" } }),
    ).rejects.toMatchObject({
      code: "usage",
      reason: expect.stringContaining('"Layer5", "Meshery"'),
      next: expect.arrayContaining(["meshauth login layer5 --provider-name Layer5"]),
    });
  });

  it("an address given by option finds its entry, trailing slash or not", async () => {
    const asked: string[] = [];
    // As the real client gives them: all members, the two that are known included.
    const members = { "meshery-provider": "Layer5", token, extra: "kept" };
    const server = {
      providers: async () => ({ kind: "ok" as const, value: [layer5Cloud, mesheryCloud] }),
      token: async ({ serverName }: { serverName: string }) => {
        asked.push(serverName);
        return { kind: "ok" as const, value: { serverName: "Layer5", token, members } };
      },
    };
    const { credential } = await choose({ server, options: { "provider-url": "https://cloud.layer5.io" } });
    expect(asked).toEqual(["cloud.layer5.io"]);
    expect(credential).toMatchObject({ serverName: "Layer5" });
    expect(credential.members).toEqual({ extra: "kept" });
  });

  it.each([{}, { "provider-url": "https://cloud.meshery.io" }])(
    "a listed name that no cookie can carry gives way to the entry's key (options %j)",
    async (options) => {
      const { credential } = await choose({ listed: [{ ...mesheryCloud, name: "\u00dcber" }], options });
      expect(credential.serverName).toBe("cloud.meshery.io");
    },
  );

  it("no token goes to a server that does not list the provider", async () => {
    const { credential, host } = await choose({
      listed: [mesheryCloud],
      options: { "provider-url": "https://acme.example", "provider-name": "Acme" },
    });
    expect(host.calls).toEqual(["providers"]);
    expect(credential).toMatchObject({ serverName: "Acme", origin: "https://acme.example" });
    expect(host.warnings()).toEqual([expect.stringContaining("does not list")]);
  });

  it("a server without remote providers leaves the built-in one, with a warning", async () => {
    const { credential, host } = await choose({ listed: [local] });
    expect(credential).toMatchObject({ serverName: "Layer5", origin: "https://cloud.layer5.io" });
    expect(host.warnings()).toEqual([expect.stringContaining("does not list")]);
  });

  it.each(["javascript:alert(1)", "http://example.com", undefined])(
    "A08: an address of %s in the list is refused before anything is opened",
    async (url) => {
      const { url: _, ...bare } = mesheryCloud;
      const entry = url === undefined ? bare : { ...bare, url };
      await expect(choose({ listed: [entry] })).rejects.toMatchObject({ code: "protocol" });
    },
  );
});

describe("options that cannot be used", () => {
  it.each([
    ["provider-url", "https://user:SECRET-CANARY-1@h.example"],
    ["provider-url", "http://example.com"],
    ["provider-name", "a;b"],
    ["provider-name", ""],
  ])("--%s %s is a typing error, before anything is opened or asked", async (name, value) => {
    const host = fakeHost({ browser: async () => {} });
    const failure = await provider
      .login({ options: { [name]: value }, force: false }, host)
      .catch((error) => error);
    expect(failure).toMatchObject({ code: "usage", message: expect.stringContaining(`--${name}`) });
    expect(JSON.stringify([failure.message, failure.reason, failure.next])).not.toContain("SECRET-CANARY");
    expect(host.calls).toEqual([]);
  });
});

it("listening comes before everything that takes time: where no browser can work, nothing is asked", async () => {
  const host = fakeHost();
  await expect(provider.login({ options: {}, force: false }, host)).rejects.toMatchObject({
    code: "interaction",
  });
  expect(host.calls).toEqual(["listen"]);
});
