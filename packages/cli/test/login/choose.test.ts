import type { InstalledProvider, Registry, Terminal } from "@meshauth/core";
import type { Flow, OptionSpec } from "@meshauth/provider-api";
import { expect, test } from "vitest";
import { chooseProvider, firstProvider } from "../../src/login/choose.js";
import type { SavedSettings } from "../../src/settings/file.js";
import { temporaryFolder } from "../support/folder.js";

function provider(id: string, flow: Flow, more: Partial<InstalledProvider> = {}): InstalledProvider {
  const entry = {
    id,
    title: `The ${id}`,
    summary: `Sign in with ${id}`,
    module: "./index.js",
    flows: [flow],
  };
  const facts = {
    package: `${id}-package`,
    version: "1.0.0",
    origin: "built-in",
    root: "/",
    modulePath: "/",
  };
  return { entry, api: { major: 1, minor: 0 }, ...facts, ...more } as InstalledProvider;
}

function withOptions(installed: InstalledProvider, ...options: Partial<OptionSpec>[]): InstalledProvider {
  return { ...installed, entry: { ...installed.entry, options: options as OptionSpec[] } };
}

const PROVIDERS = [
  withOptions(provider("any", "browser"), { name: "issuer", type: "url", required: true }),
  withOptions(provider("file", "file"), { name: "file", type: "file", required: true, argument: true }),
  provider("acme", "browser", { origin: "user" }),
  provider("none", "local"),
  withOptions(provider("cloud", "browser"), { name: "address", type: "url" }),
];

function offered(...saved: SavedSettings[]) {
  const registry: Registry = { providers: PROVIDERS, problems: [] };
  return { registry, settings: { settings: new Map(saved.map((one) => [one.name, one])) } };
}

/** The choices of the prompt: what they stand for, and how they are shown. */
async function choices(...saved: SavedSettings[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const terminal = {
    interactive: true,
    async choose({ choices }) {
      for (const { value, label } of choices) found.set(value, label.replace(/ {2,}/, " | "));
      return "none";
    },
  } as Partial<Terminal> as Terminal;
  const { signal } = new AbortController();
  await chooseProvider({
    ...offered(...saved),
    terminal,
    signal,
    dataDir: await temporaryFolder(),
    timeout: 10_000,
  });
  return found;
}

test("a provider that cannot do without an option comes last of those that come with the program", async () => {
  expect([...(await choices()).keys()]).toEqual(["cloud", "none", "file", "any", "acme"]);
});

test("saved settings come first, without those whose provider is gone", async () => {
  const address = "https://cloud.example.com/\u001b[2J";
  const found = await choices(
    { name: "work", provider: "cloud", options: { address } },
    { name: "gone", provider: "gone", options: {} },
    { name: "a", provider: "acme", options: {} },
  );
  expect([...found.keys()].slice(0, 3)).toEqual(["a", "work", "cloud"]);
  expect(found.get("a")).toBe("a | The acme (acme-package)");
  expect(found.get("work")).toBe("work | The cloud, https://cloud.example.com/[2J");
});

test("a provider that is called like saved settings is not offered beside them", async () => {
  const found = await choices({ name: "acme", provider: "cloud", options: {} });
  expect(found.get("acme")).toBe("acme | The cloud");
  expect([...found.keys()]).toEqual(["acme", "cloud", "none", "file", "any"]);
});

test("what was last used is on top: settings or a provider, and nothing that is gone", () => {
  const work = { name: "work", provider: "cloud", options: {} };
  const home = { name: "home", provider: "cloud", options: {} };
  expect(firstProvider(offered(home, work), "work")).toBe("work");
  expect(firstProvider(offered(home, work), "none")).toBe("none");
  expect(firstProvider(offered(home, work), "gone")).toBe("home");
  expect(firstProvider(offered(), "work")).toBe("cloud");
});

test("where nobody can be asked, the names of settings are among the commands", async () => {
  const terminal = { interactive: false } as Terminal;
  const work = { name: "work", provider: "file", options: { file: "/auth.json" } };
  const { signal } = new AbortController();
  const input = { ...offered(work), terminal, signal, dataDir: await temporaryFolder(), timeout: 10_000 };
  const failure = await chooseProvider(input).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "MESHAUTH_E_INTERACTION", exitCode: 10 });
  expect((failure as { next: string[] }).next).toEqual([
    "meshauth login work",
    "meshauth login cloud --start --json",
    "meshauth login cloud --no-browser",
    "meshauth login none",
    "meshauth login file FILE",
    // Without its required option it would fail.
    "meshauth login any --issuer VALUE --start --json",
    "meshauth login any --issuer VALUE --no-browser",
    "meshauth login acme --start --json",
    "meshauth login acme --no-browser",
  ]);
});
