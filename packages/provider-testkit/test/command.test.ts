import { existsSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ConformanceReport } from "@meshauth/core";
import { afterEach, describe, expect, test } from "vitest";
import { document, type Home, makeHome, meshauth } from "../../../test/support/program.js";
import { linkProviders, moduleWith, packageName } from "../../../test/support/third-party.js";
import { copyFixture } from "./support/fixture.js";

const FILE = join(import.meta.dirname, "fixtures/file");

/** The temporary folders are the home's: what is left behind is found. */
const newHome = (): Home => makeHome({ TMPDIR: "" });

const removers: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(removers.splice(0).map((remove) => remove())));

describe("provider test", () => {
  test("prints a line for each case and a summary, and ends with 0", async () => {
    const { code, stdout, stderr } = await meshauth(newHome(), ["provider", "test", FILE]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [name, ...lines] = stdout.trimEnd().split("\n");
    expect(name).toBe("crate");
    expect(lines.slice(0, -2).filter((line) => !/^[✓-] [a-z]+\.[a-z-]+ +\S/.test(line))).toEqual([]);
    expect(lines.at(-1)).toMatch(/^It conforms: \d+ passed, 0 failed, \d+ not run\.$/);
  });

  test("says why a case failed, with --json in one document, and ends with 9", async () => {
    const { root, remove } = await copyFixture("file", [
      { file: "index.cjs", from: "    host.secret(token);", to: '    console.log("Hi");' },
    ]);
    removers.push(remove);
    const home = newHome();
    const people = await meshauth(home, ["provider", "test"], { cwd: root });
    expect(people.code).toBe(9);
    expect(people.stdout).toMatch(
      /^✗ always\.prints-nothing .+\n +Expected: .+\n +Happened: .+"Hi\\n" \(login\.success\)\n +Contract: Provider\.login: "Writes nothing and prints nothing\."$/m,
    );
    expect(people.stdout).toMatch(/It does not conform: \d+ passed, 1 failed, \d+ not run\.\n$/);
    const json = await meshauth(home, ["provider", "test", root, "--json"]);
    expect({ code: json.code, stderr: json.stderr }).toEqual({ code: 9, stderr: "" });
    const { providers, ...report } = document(json) as ConformanceReport;
    expect(report).toEqual({
      kit: expect.stringMatching(/^\d+\.\d+\.\d+/),
      contract: "1.0",
      package: "meshauth-provider-crate",
      version: "0.3.0",
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      ok: false,
    });
    const failed = providers[0]?.cases.filter(({ result }) => result === "fail");
    expect(failed).toEqual([
      {
        id: "always.prints-nothing",
        title: expect.any(String),
        result: "fail",
        reason: expect.stringContaining("Hi"),
      },
    ]);
  });

  test("a conformance file that prints leaves one document", async () => {
    const { root, remove } = await copyFixture("file", [
      {
        file: "meshauth.conformance.mjs",
        from: "export default",
        to: 'console.log("noise");\nexport default',
      },
    ]);
    removers.push(remove);
    const { code, stdout } = await meshauth(newHome(), ["provider", "test", root, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
  });

  test("ends when the time is up, whatever it waits for", async () => {
    const edit = {
      file: "meshauth.conformance.mjs",
      from: "export default",
      to: "await new Promise(() => {});\nexport default",
    };
    const { root, remove } = await copyFixture("file", [edit]);
    removers.push(remove);
    const { code, stdout } = await meshauth(newHome(), [
      "provider",
      "test",
      root,
      "--timeout",
      "1s",
      "--json",
    ]);
    expect(code).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "MESHAUTH_E_TIMEOUT" } });
  });

  test("without a conformance file it does not claim that the provider conforms", async () => {
    const home = newHome();
    linkProviders(home, [{ id: "acme", module: moduleWith("acme", "") }]);
    const root = join(home.path, "packages", packageName("acme"));
    const { code, stdout } = await meshauth(home, ["provider", "test", root]);
    // A login that gives nothing is a defect that shows without an example.
    expect(code).toBe(9);
    expect(stdout).toContain("not run: There is no meshauth.conformance.js that says how a login succeeds.");
    linkProviders(home, [
      { id: "acme", module: moduleWith("acme", 'return { kind: "local", serverName: "Acme" };') },
    ]);
    const good = await meshauth(home, ["provider", "test", root]);
    expect(good.code).toBe(0);
    expect(good.stdout).toMatch(
      /Nothing failed, but no login was seen: \d+ passed, 0 failed, \d+ not run\.\n$/,
    );
  });

  test("says that what was built is older than the sources, and writes no report of it", async () => {
    const { root, remove } = await copyFixture("file", [
      { file: "package.json", from: '"./index.cjs"', to: '"./dist/index.cjs"' },
    ]);
    removers.push(remove);
    mkdirSync(join(root, "dist"));
    renameSync(join(root, "index.cjs"), join(root, "dist/index.cjs"));
    utimesSync(join(root, "dist/index.cjs"), 1_000, 1_000);
    mkdirSync(join(root, "src"));
    writeFileSync(join(root, "src/index.cts"), "");
    const home = newHome();
    const { code, stderr } = await meshauth(home, ["provider", "test", root]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "Warning: What was built is older than src, and is what is tested: npm run build\n",
    });
    const file = join(home.path, "report.json");
    const refused = await meshauth(home, ["provider", "test", root, "--output", file, "--json"]);
    expect(document(refused)).toMatchObject({ error: { code: "MESHAUTH_E_USAGE", next: ["npm run build"] } });
    expect(existsSync(file)).toBe(false);
  });

  test("a folder without a package, a provider that is not there and a report that cannot be written are told", async () => {
    const home = newHome();
    const run = async (...args: string[]) => {
      const outcome = await meshauth(home, ["provider", "test", ...args, "--json"]);
      return (document(outcome) as { error: { code: string; exitCode: number } }).error;
    };
    expect(await run(home.path)).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
    expect(await run(FILE, "--provider", "quay")).toMatchObject({ code: "MESHAUTH_E_USAGE", exitCode: 2 });
    const nowhere = join(home.path, "no-such-folder/report.json");
    expect(await run(FILE, "--output", nowhere)).toMatchObject({ code: "MESHAUTH_E_STORE", exitCode: 8 });
  });
});

describe("the report that a package ships", () => {
  test("is what --output wrote, and provider show tells of it as the author's own", async () => {
    const home = newHome();
    const login = 'return { kind: "local", serverName: "Acme" };';
    linkProviders(home, [{ id: "acme", module: moduleWith("acme", login) }]);
    const root = join(home.path, "packages", packageName("acme"));
    const file = join(root, "meshauth-conformance.json");
    const before = await meshauth(home, ["provider", "show", "acme"]);
    expect(before.stdout).toContain("Tested    the package has no report\n");
    expect((await meshauth(home, ["provider", "test", root, "--output", file])).code).toBe(0);
    const report = JSON.parse(readFileSync(file, "utf8")) as ConformanceReport;
    const shown = document(await meshauth(home, ["provider", "show", "acme", "--json"]));
    const { kit, contract, version, at, ok } = report;
    const passed = report.providers[0]?.cases.filter(({ result }) => result === "pass").length;
    const skipped = (report.providers[0]?.cases.length ?? 0) - (passed ?? 0);
    expect(shown).toMatchObject({
      conformance: { kit, contract, version, at, ok, passed, failed: 0, skipped },
    });
    const people = await meshauth(home, ["provider", "show", "acme"]);
    expect(people.stdout).toContain(
      `Tested    ${passed} passed, 0 failed, ${skipped} not run, says its author (kit ${kit}, ${at.slice(0, 10)})\n`,
    );
    await rm(file);
    expect(existsSync(file)).toBe(false);
  });
});
