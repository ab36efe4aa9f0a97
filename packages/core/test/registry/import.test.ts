import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type InstalledProvider, importProvider, inspectPackage } from "../../src/registry/index.js";
import { entry, folder, pjson, writePackage } from "./support.js";

const NAME = "acme-provider";

async function installed(code: string, file = "index.js"): Promise<InstalledProvider> {
  const candidate = await writePackage(
    await folder(),
    NAME,
    pjson(NAME, [entry("acme", { module: `./${file}` })]),
    { [file]: code },
  );
  const { providers, problem } = await inspectPackage(candidate);
  expect(problem).toBeUndefined();
  return providers[0] as InstalledProvider;
}

const load = async (code: string, file?: string) =>
  importProvider(await installed(code, file), { signal: AbortSignal.timeout(20_000), timeout: 10_000 });
const provider = (members: string) => `export default {${members}};\n`;
const GOOD =
  'api: {major: 1, minor: 0}, id: "acme", async login() { return {kind: "local", serverName: "Acme"}; }';

describe("importProvider", () => {
  it("gives the default export", async () => {
    const loaded = await load(provider(`${GOOD}, async revoke() { return {outcome: "revoked"}; }`));
    expect(loaded.id).toBe("acme");
    expect(await loaded.login({} as never, {} as never)).toEqual({ kind: "local", serverName: "Acme" });
  });

  it("takes a CommonJS module, compiled from an ES module or not", async () => {
    expect((await load(`module.exports = {${GOOD}};`, "index.cjs")).id).toBe("acme");
    const compiled = `Object.defineProperty(exports, "__esModule", {value: true}); exports.default = {${GOOD}};`;
    expect((await load(compiled, "index.cjs")).id).toBe("acme");
  });

  it.each([
    ["throws", 'throw new Error("no luck\\nsecond line");', "Its module failed to load: no luck"],
    ["throws text with escapes", 'throw "\\u001b[31mred";', "Its module failed to load: [31mred"],
    ["throws nothing", "throw undefined;", "Its module failed to load: undefined"],
    [
      "throws what cannot be shown",
      "throw {toString() { throw 1; }};",
      "Its module failed to load: it threw something that cannot be shown.",
    ],
    ["does not parse", "export default {", "Its module failed to load: Unexpected end of input"],
    [
      "needs what is not installed",
      'import "not-there-at-all"; export default {};',
      "Its module failed to load: Cannot find package 'not-there-at-all'",
    ],
    ["exports nothing", "export const provider = {};", "Its module has no object as its default export."],
    ["exports a function", "export default () => {};", "Its module has no object as its default export."],
    [
      "has another id",
      provider(GOOD.replace('"acme"', '"layer5"')),
      'Its module says that its id is "layer5".',
    ],
    [
      "has no version",
      provider(GOOD.replace("minor: 0", "")),
      "Its module does not say which version of the provider contract it is for.",
    ],
    [
      "has another version",
      provider(GOOD.replace("major: 1", "major: 2")),
      "Its module is for version 2.0 of the provider contract, its package.json says 1.0.",
    ],
    [
      "has a version that is not offered",
      provider(GOOD.replace("minor: 0", "minor: 7")),
      "Its module is for version 1.7 of the provider contract, its package.json says 1.0.",
    ],
    ["has no login", provider('api: {major: 1, minor: 0}, id: "acme"'), "Its module has no function login."],
    [
      "has a refresh that is none",
      provider(`${GOOD}, refresh: true`),
      "Its module's refresh is not a function.",
    ],
    [
      "has a getter that throws",
      provider('get id() { throw new Error("ha"); }'),
      "Its default export cannot be looked at: ha",
    ],
  ])("a module that %s", async (_, code, why) => {
    const failure = await load(code).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "MESHAUTH_E_PROVIDER_BROKEN",
      exitCode: 9,
      message: `The provider acme (${NAME} 1.2.3) failed.`,
      next: ["meshauth plugins update", `meshauth plugins uninstall ${NAME}`],
    });
    expect((failure as { why: string }).why).toContain(why);
  });

  it("ends the wait for a module that never settles", async () => {
    const hanging = await installed("await new Promise(() => {});");
    await expect(
      importProvider(hanging, { signal: new AbortController().signal, timeout: 50 }),
    ).rejects.toMatchObject({
      code: "MESHAUTH_E_PROVIDER_BROKEN",
      why: "Its module failed to load: it took longer than 0.05 s",
    });
  });

  it("ends with the signal's reason, before and during the wait", async () => {
    const reason = new Error("interrupted");
    const controller = new AbortController();
    const waiting = importProvider(await installed("await new Promise(() => {});"), {
      signal: controller.signal,
      timeout: 20_000,
    });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(
      importProvider(await installed(provider(GOOD)), { signal: controller.signal, timeout: 20_000 }),
    ).rejects.toBe(reason);
  });
});

describe("in a process of its own", () => {
  /** Runs the built package: what is tested here is how a real process ends. */
  async function run(
    code: string,
    timeout: number,
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const script = `
      import { importProvider } from ${JSON.stringify(join(import.meta.dirname, "../../dist/registry/index.js"))};
      const installed = ${JSON.stringify(await installed(code))};
      try {
        await importProvider(installed, {signal: new AbortController().signal, timeout: ${timeout}});
        console.log("done");
      } catch (error) {
        console.error(error.code, error.why);
        process.exitCode = error.exitCode;
      }`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    return new Promise((resolve) => child.on("close", (exit) => resolve({ code: exit, stdout, stderr })));
  }

  it("a module that waits for nothing ends in exit 9, not in Node's 13", async () => {
    const { code, stderr } = await run("await new Promise(() => {});", 100);
    expect(code).toBe(9);
    expect(stderr).toBe("MESHAUTH_E_PROVIDER_BROKEN Its module failed to load: it took longer than 0.1 s\n");
  });

  it("the timer does not keep the process alive once the module is there", async () => {
    const started = Date.now();
    expect(await run(provider(GOOD), 60_000)).toEqual({ code: 0, stdout: "done\n", stderr: "" });
    expect(Date.now() - started).toBeLessThan(25_000);
  });
});
