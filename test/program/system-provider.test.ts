import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSimulator } from "@meshauth/meshery-simulator";
import { describe, expect, onTestFinished, test } from "vitest";
import { document, type Home, makeHome, meshauth } from "../support/program.js";

const CONFIG = `# mine
contexts:
  local:
    endpoint: http://127.0.0.1:1 # not there
    token: default
current-context: local
tokens:
- {name: default, location: auth.json}
`;

function homeWithConfig(): Home & { readonly config: string } {
  const home = makeHome();
  const config = join(home.meshery, "config.yaml");
  mkdirSync(home.meshery, { mode: 0o700 });
  writeFileSync(config, CONFIG);
  return { ...home, config };
}

async function server(): Promise<string> {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.close());
  return simulator.server.url;
}

describe("system provider set", () => {
  test("sets what the server lists, whatever its case, and leaves every other byte", async () => {
    const home = homeWithConfig();
    const outcome = await meshauth(home, [
      "system",
      "provider",
      "set",
      "layer5",
      "--server",
      await server(),
      "--json",
    ]);
    expect([outcome.code, document(outcome)]).toEqual([
      0,
      { context: "local", provider: "Layer5", changed: true },
    ]);
    expect(readFileSync(home.config, "utf8")).toBe(
      CONFIG.replace("token: default\n", "token: default\n    provider: Layer5\n"),
    );
  });

  test("refuses what the server does not list", async () => {
    const home = homeWithConfig();
    const outcome = await meshauth(home, ["system", "provider", "set", "Layer6", "--server", await server()]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain("meshauth system provider set Layer5");
    expect(readFileSync(home.config, "utf8")).toBe(CONFIG);
  });

  test("needs --force when the server does not answer", async () => {
    const home = homeWithConfig();
    expect((await meshauth(home, ["system", "provider", "set", "Acme"])).code).toBe(7);
    expect(readFileSync(home.config, "utf8")).toBe(CONFIG);
    expect((await meshauth(home, ["system", "provider", "set", "Acme", "--force"])).code).toBe(0);
    expect(readFileSync(home.config, "utf8")).toContain("provider: Acme\n");
  });

  test("makes no config", async () => {
    const home = makeHome();
    expect((await meshauth(home, ["system", "provider", "set", "Acme", "--force"])).code).toBe(8);
    expect(() => readFileSync(join(home.meshery, "config.yaml"))).toThrow("ENOENT");
  });
});

test("system provider reset goes back to mesheryctl's default", async () => {
  const home = homeWithConfig();
  await meshauth(home, ["system", "provider", "set", "Acme", "--force"]);
  const outcome = await meshauth(home, ["system", "provider", "reset", "--json"]);
  expect(document(outcome)).toEqual({ context: "local", provider: "Layer5", changed: true });
});
