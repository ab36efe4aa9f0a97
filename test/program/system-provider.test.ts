import { readFileSync } from "node:fs";
import { startSimulator } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { atEnd } from "../support/cleanup.js";
import { expectFailure } from "../support/failure.js";
import { putConfig } from "../support/files.js";
import { NOWHERE, offlineHome } from "../support/offline.js";
import { document, meshauth } from "../support/program.js";
import { namesIn, treeOf } from "../support/tree.js";

const CONFIG = `# mine
contexts:
    Local:   # first
        endpoint: "${NOWHERE}"
        token: default
        provider: 'Meshery' # old
        extra: {a: 1}
    other:
        endpoint: ${NOWHERE}
        token: default
current-context: local
tokens:
-   location: auth.json
    name: default
# end`;

describe.concurrent("system provider set and reset", () => {
  test.each(["X\nY", "", " x"])(
    "a name that no provider can have, %j: 2, with --force, too",
    async (name) => {
      const home = offlineHome();
      const path = putConfig(home, CONFIG);
      const outcome = await meshauth(home, ["system", "provider", "set", name, "--force"]);
      expectFailure(outcome, 2, "MESHAUTH_E_USAGE");
      expect(readFileSync(path, "utf8")).toBe(CONFIG);
    },
  );

  test("change the provider of the context and no other byte", async () => {
    const simulator = await startSimulator({ era: "2026-04" });
    atEnd(() => simulator.close());
    const home = offlineHome();
    const path = putConfig(home, CONFIG);
    const args = ["system", "provider", "set", "Layer5", "--server", simulator.server.url, "--json"];
    const outcome = await meshauth(home, args);
    expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0);
    document(outcome);
    const text = readFileSync(path, "utf8");
    expect(text.replace(/'?Layer5'?/, "'Meshery'")).toBe(CONFIG);
    expect(namesIn(home.meshery)).toEqual(["config.yaml"]);
    const before = treeOf(path);
    expect((await meshauth(home, args)).code).toBe(0);
    expect(treeOf(path)).toEqual(before);
  });

  test("add it where there is none, and reset takes it back to the default", async () => {
    const home = offlineHome();
    const path = putConfig(home, CONFIG);
    const set = await meshauth(home, ["system", "provider", "set", "Anything", "--force", "-c", "OTHER"]);
    expect(set).toMatchObject({ code: 0, stdout: "" });
    const text = readFileSync(path, "utf8");
    expect(text).toMatch(/^ {8}provider: Anything$/m);
    expect(text.replace(/^ {8}provider: Anything\n/m, "")).toBe(CONFIG);
    const reset = await meshauth(home, ["system", "provider", "reset", "-c", "other"]);
    expect(reset.code, reset.stderr).toBe(0);
    expect(readFileSync(path, "utf8")).not.toContain("Anything");
  });

  test.each([
    ["a name that the server does not list", "Nobody", true, 2],
    ["a server that does not answer", "Layer5", false, 7],
  ])("%s: refused, and the file stays", async (_, name, there, exit) => {
    const simulator = await startSimulator({ era: "2026-04" });
    atEnd(() => simulator.close());
    const home = offlineHome();
    const path = putConfig(home, CONFIG);
    const before = treeOf(path);
    const server = there ? simulator.server.url : NOWHERE;
    const outcome = await meshauth(home, ["system", "provider", "set", name, "--server", server]);
    expectFailure(outcome, exit, "MESHAUTH_E_");
    expect(treeOf(path)).toEqual(before);
  });

  test.each(["a\nb: c", "x\u001b[31m", "", "- y", "{z}", "#"])("%j cannot break the file", async (name) => {
    const home = offlineHome();
    const path = putConfig(home, CONFIG);
    const outcome = await meshauth(home, ["system", "provider", "set", "--force", "--", name]);
    const text = readFileSync(path, "utf8");
    if (outcome.code !== 0) expect(text).toBe(CONFIG);
    expect(text.split("\n")).toHaveLength(CONFIG.split("\n").length);
    expect(text).not.toMatch(/[\u001b]/);
    expect((await meshauth(home, ["status", "--json"])).code).toBe(4);
  });

  test("without a config file: no file is made", async () => {
    const home = offlineHome();
    const outcome = await meshauth(home, ["system", "provider", "set", "Layer5", "--force"]);
    expect(outcome.code).not.toBe(0);
    expect(namesIn(home.path)).toEqual(["Downloads"]);
  });
});
