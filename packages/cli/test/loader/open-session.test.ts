import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Config } from "@oclif/core/config";
import { Help } from "@oclif/core/help";
import { run } from "@oclif/core/run";
import { describe, expect, it, vi } from "vitest";
import { openSession, sessionOf } from "../../src/loader/index.js";
import { brokenPlugins, installBroken } from "../support/broken-plugins.js";
import { recordConsent } from "../support/consent.js";
import {
  commands,
  createLoginCommand,
  type ProgramFolder,
  programFolder,
} from "../support/program-folder.js";
import { writeProvider } from "../support/provider-package.js";

const load = ({ root }: ProgramFolder, env: Record<string, string> = {}) =>
  openSession({
    root,
    env,
    commands,
    loginCommands: async () => createLoginCommand,
    configureCommands: async () => createLoginCommand,
  }).then((session) => session.config());

/** What is printed meanwhile; warnings of Node count. */
async function printed(work: () => Promise<unknown>): Promise<{ stdout: string; warnings: string[] }> {
  let stdout = "";
  const warnings: string[] = [];
  const onWarning = (warning: Error) => warnings.push(warning.message);
  const onText = (chunk: string | Uint8Array) => {
    stdout += String(chunk);
    return true;
  };
  const out = vi.spyOn(process.stdout, "write").mockImplementation(onText);
  const log = vi.spyOn(console, "log").mockImplementation((text) => void onText(`${text}\n`));
  process.on("warning", onWarning);
  try {
    await work();
    // Warnings are delivered in a later turn.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("warning", onWarning);
    out.mockRestore();
    log.mockRestore();
  }
  return { stdout, warnings };
}

const help = (config: Config, ...argv: string[]) =>
  printed(() => new Help(config).showHelp([...argv, "--help"]));

describe("the program alone", () => {
  it("has one login command per built-in provider, under both spellings", async () => {
    const config = await load(await programFolder());
    expect(config.commandIDs.filter((id) => id.includes("login"))).toEqual([
      "login",
      "login:layer5",
      "system:login:layer5",
      "login:none",
      "system:login:none",
    ]);
    expect(config.findCommand("system:login:none")).toMatchObject({ hidden: true });
    expect(sessionOf(config).registry.problems).toEqual([]);
  });

  it("finds its providers where the package manager put them: in a folder above", async () => {
    const folder = await programFolder();
    const above = join(folder.root, "../node_modules/@meshauth/provider-none");
    await rm(join(folder.root, "node_modules/@meshauth/provider-none"), { recursive: true });
    await writeProvider(above, "@meshauth/provider-none", "none");
    expect(sessionOf(await load(folder)).registry.providers.map(({ root }) => root)).toContain(above);
  });

  it("a built-in that is missing is a problem, not a crash", async () => {
    const folder = await programFolder();
    await rm(join(folder.root, "node_modules/@meshauth/provider-none"), { recursive: true });
    expect(sessionOf(await load(folder)).registry.problems).toEqual([
      {
        package: "@meshauth/provider-none",
        origin: "built-in",
        reason: "Its folder is missing.",
        next: "npm install --global @meshauth/cli@latest",
      },
    ]);
  });

  it("creates and touches no file", async () => {
    const folder = await programFolder();
    await load(folder);
    expect([existsSync(folder.dataDir), existsSync(folder.cacheDir)]).toEqual([false, false]);
  });
});

describe("a plugin in order", () => {
  async function withPlugin(): Promise<ProgramFolder> {
    const folder = await programFolder();
    const options = [{ name: "region", type: "string", summary: "Where.", values: ["eu-1", "us-2"] }];
    await writeProvider(join(folder.dataDir, "node_modules/acme-provider"), "acme-provider", "acme", {
      entry: { options },
    });
    await installBroken(folder.dataDir, [], [{ name: "acme-provider", type: "user" }]);
    return folder;
  }

  it("gets its command, seen by help with its options and their values", async () => {
    const config = await load(await withPlugin());
    const { stdout } = await help(config, "login", "acme");
    expect(stdout).toContain("Sign in with acme.");
    expect(stdout).toContain("$ meshauth login acme");
    expect(stdout).toMatch(/--region=<option>\s+Where\.\s+<options: eu-1\|us-2>/);
    const { stdout: list } = await help(await load(await withPlugin()), "login");
    expect(list).toMatch(/login acme\s+Sign in with acme\./);
    expect(list).not.toContain("system login acme");
  });

  it("the session and the command outlive oclif's second and third loading", async () => {
    const config = await load(await withPlugin());
    const again = await Config.load(await Config.load(config));
    expect(sessionOf(again)).toBe(sessionOf(config));
    expect(again.commandIDs).toEqual(config.commandIDs);
    expect(again.name).toBe("@meshauth/cli");
    const result = await run(["login", "acme", "--region", "us-2"], config);
    expect(result).toEqual({ id: "acme", flags: { region: "us-2" } });
    expect(await run(["system", "login", "acme"], await load(await withPlugin()))).toMatchObject({
      id: "acme",
    });
  });

  it("completion scripts know the command, its flags and the values", async () => {
    const folder = await withPlugin();
    const config = await load(folder);
    await config.runCommand("autocomplete:create", []);
    const functions = join(folder.cacheDir, "autocomplete/functions");
    expect(await readFile(join(functions, "bash/meshauth.bash"), "utf8")).toMatch(
      /^login:acme --json --region$/m,
    );
    expect(await readFile(join(functions, "zsh/_meshauth"), "utf8")).toContain(
      '--region"[Where.]:region options:(eu-1 us-2)"',
    );
  });

  it("is described, with where it came from", async () => {
    const folder = await withPlugin();
    expect(sessionOf(await load(folder)).plugins).toEqual([
      {
        name: "acme-provider",
        origin: "user",
        root: join(folder.dataDir, "node_modules/acme-provider"),
        version: "1.2.3",
        providers: ["acme"],
        commands: [],
      },
    ]);
  });

  it("a change is seen after a reload", async () => {
    const folder = await withPlugin();
    const config = await load(folder);
    await installBroken(folder.dataDir, []);
    const reloaded = await sessionOf(config).reload();
    expect((await reloaded.config()).commandIDs).not.toContain("login:acme");
  });

  it("MESHAUTH_SAFE_MODE leaves it out", async () => {
    const folder = await withPlugin();
    const session = sessionOf(await load(folder, { MESHAUTH_SAFE_MODE: "1" }));
    expect(session).toMatchObject({ safeMode: true, plugins: [] });
    expect(session.registry.providers.map(({ entry }) => entry.id)).toEqual(["layer5", "none"]);
  });
});

describe("T39: every broken plugin at once", () => {
  async function broken() {
    const folder = await programFolder();
    const marker = join(folder.dataDir, "../marker");
    const plugins = brokenPlugins(marker);
    await installBroken(folder.dataDir, plugins);
    return { folder, marker, plugins };
  }

  it("are all found, with the reason, and nothing is printed and none of their code runs", async () => {
    const { folder, marker, plugins } = await broken();
    let config: Config | undefined;
    const output = await printed(async () => {
      config = await load(folder);
    });
    expect(output).toEqual({ stdout: "", warnings: [] });
    const { registry } = sessionOf(config as Config);
    for (const { name, problem } of plugins) {
      const found = registry.problems.filter(
        (candidate) => candidate.package === name || candidate.package.endsWith("data/package.json"),
      );
      const reasons = found.map(({ reason }) => reason);
      if (problem)
        expect(
          reasons.some((reason) => problem.test(reason)),
          `${name}: ${reasons}`,
        ).toBe(true);
      else expect(found.filter((candidate) => candidate.package === name)).toEqual([]);
    }
    expect(registry.problems).toHaveLength(plugins.filter(({ problem }) => problem).length);
    const expected = plugins.flatMap(({ provider }) => provider ?? []).sort();
    expect(registry.providers.map(({ entry }) => entry.id)).toEqual(["layer5", "none", ...expected]);
    expect(existsSync(marker)).toBe(false);
  });

  it("leave version, help, completion and other commands as they are", async () => {
    const { folder, marker } = await broken();
    const config = await load(folder);
    const version = await printed(() => run(["--version"], config));
    expect(version).toEqual({ stdout: `${config.userAgent}\n`, warnings: [] });
    for (const argv of [[], ["login"], ["login", "none"], ["texts"], ["shared"], ["login", "hook-exits"]]) {
      const { stdout, warnings } = await help(await load(folder), ...argv);
      expect(stdout).toContain("USAGE");
      expect(warnings).toEqual([]);
    }
    await (await load(folder)).runCommand("autocomplete:create", []);
    expect(await run(["login", "none"], await load(folder))).toMatchObject({ id: "none" });
    expect(existsSync(marker)).toBe(false);
  });

  it("texts of a foreign manifest have no power, in help or in completion", async () => {
    const { folder } = await broken();
    const config = await load(folder);
    const { stdout } = await help(config, "texts");
    expect(stdout).toContain("$ meshauth texts");
    expect(stdout).toContain("< % process.exit(7) % >");
    await (await load(folder)).runCommand("autocomplete:create", []);
    const script = await readFile(join(folder.cacheDir, "autocomplete/functions/zsh/_meshauth"), "utf8");
    expect(script).not.toContain("$(touch");
    expect(script).not.toContain("`touch");
  });

  it("two plugins with one command: the first by name has it, every time", async () => {
    const { folder } = await broken();
    for (let round = 0; round < 5; round++) {
      expect((await load(folder)).findCommand("shared")?.pluginName).toBe("same-command-a");
    }
  });

  it("a foreign command runs when it is called, and only then", async () => {
    const { folder, marker } = await broken();
    await expect((await load(folder)).runCommand("shared", [])).rejects.toMatchObject({
      code: "MESHAUTH_E_CONSENT",
      next: ["meshauth plugins trust same-command-a --yes"],
    });
    expect(existsSync(marker)).toBe(false);
    await recordConsent(folder.dataDir, ["same-command-a"]);
    const config = await load(folder);
    await config.runCommand("shared", []);
    expect(await readFile(marker, "utf8")).toMatch(/same-command-a\/commands\/shared\.js\n$/);
  });
});

describe("the list of plugins", () => {
  it.each([
    ["not JSON", "{", "Its package.json is not JSON."],
    ["empty", "", "Its package.json is not JSON."],
    ["a list", "[]", "Its package.json holds no JSON object."],
    ["oclif is text", '{"oclif":"x"}', '"oclif" in its package.json is not an object.'],
    ["plugins is an object", '{"oclif":{"plugins":{}}}', "Its list of plugins is not a list."],
    [
      "an entry is a number",
      '{"oclif":{"plugins":[7]}}',
      "Its list of plugins has an entry that is no plugin.",
    ],
    [
      "an entry has no name",
      '{"oclif":{"plugins":[{"type":"user"}]}}',
      "Its list of plugins has an entry without a name.",
    ],
  ])("%s: a problem, not a crash", async (_, text, reason) => {
    const folder = await programFolder();
    await mkdir(folder.dataDir, { recursive: true });
    await writeFile(join(folder.dataDir, "package.json"), text);
    const output = await printed(async () => {
      const { registry } = sessionOf(await load(folder));
      expect(registry.providers).toHaveLength(2);
      expect(registry.problems).toEqual([
        {
          package: join(folder.dataDir, "package.json"),
          origin: "user",
          reason,
          next: "meshauth plugins reset",
        },
      ]);
    });
    expect(output).toEqual({ stdout: "", warnings: [] });
  });

  it.each(["{}", '{"oclif":{}}', '{"oclif":{"plugins":[]}}'])("%s lists nothing", async (text) => {
    const folder = await programFolder();
    await mkdir(folder.dataDir, { recursive: true });
    await writeFile(join(folder.dataDir, "package.json"), text);
    expect(sessionOf(await load(folder)).registry.problems).toEqual([]);
  });

  it("half a list, while an installation writes it, is read again", async () => {
    const folder = await programFolder();
    const path = join(folder.dataDir, "package.json");
    await mkdir(folder.dataDir, { recursive: true });
    await writeFile(path, '{"oclif":{"plug');
    const loading = load(folder);
    setTimeout(() => void writeFile(path, '{"oclif":{"plugins":["gone"]}}'), 30);
    expect(sessionOf(await loading).registry.problems.map((problem) => problem.package)).toEqual(["gone"]);
  });
});
