import type { InstalledProvider } from "@meshauth/core";
import type { OptionSpec, ProviderEntry } from "@meshauth/provider-api";
import { expect, test } from "vitest";
import { type ChoiceInput, chooseProvider } from "../../src/login/choose.js";

function provider(
  id: string,
  { origin = "built-in", ...entry }: Partial<ProviderEntry & Pick<InstalledProvider, "origin">>,
): InstalledProvider {
  return {
    entry: {
      id,
      title: id,
      summary: `Sign in with ${id}`,
      module: "./index.js",
      flows: ["browser"],
      ...entry,
    },
    package: `@example/${id}`,
    version: "1.0.0",
    origin,
    api: { major: 1, minor: 0 },
    root: "/",
    modulePath: "/index.js",
  };
}

const option = (name: string, more: Partial<OptionSpec> = {}): OptionSpec => ({
  name,
  type: "string",
  summary: "",
  ...more,
});

const ISSUER = option("issuer", { required: true, placeholder: "URL" });

/** The ids that are offered to a person, and the commands that are named where there is none. */
async function offered(providers: readonly InstalledProvider[]): Promise<[string[], string[]]> {
  let ids: string[] = [];
  const asking = (interactive: boolean) =>
    chooseProvider({
      registry: { providers, problems: [] },
      terminal: {
        interactive,
        choose: async ({ choices }: { choices: { value: string }[] }) => {
          ids = choices.map(({ value }) => value);
          return ids[0];
        },
      } as unknown as ChoiceInput["terminal"],
      signal: new AbortController().signal,
      dataDir: "/nowhere",
      timeout: 60_000,
    });
  await asking(true);
  const next = await asking(false).then(
    () => [],
    (error: { next: string[] }) => error.next,
  );
  return [ids, next];
}

test("first-party providers that have to be told something come after those that have not, and before all others", async () => {
  const [ids] = await offered([
    provider("acme", { origin: "user", flows: ["local"] }),
    provider("any", { options: [ISSUER] }),
    provider("file", { flows: ["file"], options: [option("file", { argument: true, required: true })] }),
    provider("guest", { flows: ["local"] }),
    provider("zoo", { options: [option("address")] }),
  ]);
  expect(ids).toEqual(["zoo", "guest", "file", "any", "acme"]);
});

test("the commands that need nobody name what the provider has to be told", async () => {
  const [, next] = await offered([
    provider("any", {
      flows: ["browser", "device"],
      options: [option("scope"), ISSUER, option("client", { required: true })],
    }),
    provider("paste", { flows: ["paste"], options: [ISSUER] }),
    provider("guest", { flows: ["local"] }),
    provider("key", {
      flows: ["file"],
      options: [ISSUER, option("file", { argument: true, required: true })],
    }),
  ]);
  expect(next).toEqual([
    "meshauth login guest",
    "meshauth login any --issuer URL --client VALUE --start --json",
    "meshauth login any --issuer URL --client VALUE --no-browser",
    "meshauth login key --issuer URL FILE",
    "meshauth login paste --issuer URL --token-stdin < FILE",
  ]);
});
