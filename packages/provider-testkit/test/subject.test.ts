import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CASES } from "../src/cases/index.js";
import { type ConformanceReport, defineConformance, type RunOptions, runConformance } from "../src/index.js";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "meshauth-subject-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const LOGIN = 'return { kind: "local", serverName: "Pier" };';

async function write(login = LOGIN, entry: object = {}, more = ""): Promise<void> {
  const provider = {
    id: "pier",
    title: "Pier",
    summary: "Sign in at Pier",
    module: "./index.js",
    flows: ["local"],
    ...entry,
  };
  const manifest = { name: "pier-package", version: "1.0.0", type: "module", oclif: {} };
  const meshauth = { api: "1.0", providers: [provider] };
  await writeFile(join(root, "package.json"), JSON.stringify({ ...manifest, meshauth }));
  const module = `export default {
    api: { major: 1, minor: 0 },
    id: "pier",
    async login(request, host) { ${login} },
    ${more}
  };\n`;
  await writeFile(join(root, "index.js"), module);
}

const run = (options: Partial<RunOptions> = {}): Promise<ConformanceReport> =>
  runConformance({ root, ...options });

const simple = defineConformance({ providers: { pier: () => ({ login: {} }) } });

function resultsOf({ providers }: ConformanceReport): Record<string, string> {
  const cases = providers.flatMap((provider) => provider.cases);
  return Object.fromEntries(cases.map(({ id, result, reason }) => [id, reason ?? result]));
}

describe("a folder", () => {
  test("without a package is a wrong argument", async () => {
    await expect(run()).rejects.toMatchObject({ code: "MESHAUTH_E_USAGE" });
    await writeFile(join(root, "package.json"), "{");
    await expect(run()).rejects.toMatchObject({
      code: "MESHAUTH_E_USAGE",
      why: expect.stringContaining("JSON"),
    });
  });

  test("with a package that has no such provider is one, too", async () => {
    await write();
    await expect(run({ provider: "quay" })).rejects.toMatchObject({
      message: expect.stringContaining("quay"),
    });
  });

  test("whose package cannot be used gets its reason, and no case that runs its code", async () => {
    await write("process.exit(1)", { flows: ["telepathy"] });
    const report = await run({ conformance: simple });
    const { "package.declaration": reason, ...others } = resultsOf(report);
    expect(reason).toContain('"telepathy"');
    expect(new Set(Object.values(others))).toEqual(new Set(["package.declaration failed."]));
    expect(report).toMatchObject({ ok: false, package: "pier-package", providers: [{ id: "pier" }] });
    expect(Object.keys(others)).toHaveLength(CASES.length - 1);
  });

  test("whose package declares nothing is reported under its name", async () => {
    await writeFile(
      join(root, "package.json"),
      '{"name":"bare","version":"1.0.0","oclif":{"commands":"./c"}}',
    );
    expect(await run()).toMatchObject({ ok: false, providers: [{ id: "bare" }] });
  });
});

describe("without a conformance file", () => {
  test("what needs no knowledge is run, and the rest says what is missing", async () => {
    await write();
    const results = resultsOf(await run());
    const why = "There is no meshauth.conformance.js that says how a login succeeds.";
    expect(results).toMatchObject({
      "module.agrees": "pass",
      "example.fits": why,
      "login.success": why,
      "login.cancelled": why,
      "login.no-person": "pass",
      "refresh.nothing": "The provider has no function refresh.",
      "always.prints-nothing": "pass",
    });
  });

  test("a renewal may fail in any orderly way, as its server is not there", async () => {
    const refresh = (body: string): string => `async refresh(credential, host) { ${body} },`;
    const entry = { hosts: ["https://pier.example"] };
    await write(LOGIN, entry, refresh('await host.fetch("https://pier.example/token");'));
    expect(resultsOf(await run())["refresh.nothing"]).toBe("pass");
    await write(LOGIN, entry, refresh("null.token;"));
    expect(resultsOf(await run())["refresh.nothing"]).toContain("it threw TypeError");
  });

  test("a provider that fails is caught", async () => {
    await write('console.log("hello"); throw new TypeError("oh no");');
    const results = resultsOf(await run());
    expect(results["login.no-person"]).toContain("it threw TypeError: oh no");
    expect(results["always.prints-nothing"]).toContain('it printed "hello\\n" (login.no-person)');
  });
});

describe("a conformance file", () => {
  test.each([
    ["throws", "throw new Error('broken file');", "broken file"],
    ["exports something else", "export default { acme: {} };", "not made by defineConformance"],
    ["is no JavaScript", "export default {", "cannot be loaded"],
    ["has a limit that is none", "export default { providers: {}, limits: { run: 0 } };", "no milliseconds"],
  ])("that %s is told of, and stands for none", async (_, text, reason) => {
    await write();
    await writeFile(join(root, "meshauth.conformance.mjs"), text);
    const results = resultsOf(await run());
    expect(results["example.fits"]).toContain(reason);
    expect(results["login.success"]).toBe("It needs example.fits, which failed.");
  });

  test("with an example of a provider that is not there is told of", async () => {
    await write();
    const conformance = defineConformance({
      providers: { ...simple.providers, quay: () => ({ login: {} }) },
    });
    expect(resultsOf(await run({ conformance }))["example.fits"]).toContain('"quay"');
  });

  test("without an example says for which provider", async () => {
    await write();
    const results = resultsOf(await run({ conformance: defineConformance({ providers: {} }) }));
    expect(results["login.success"]).toBe("The conformance file has no example for pier.");
  });

  test.each([
    ["an option that is not declared", { login: { options: { area: "x" } } }, '"area" is not declared'],
    [
      "a server that is not declared",
      { servers: { "https://a.example": () => new Response() }, login: {} },
      "hosts",
    ],
    ["a token without the flow", { login: { token: "made-up-token" } }, "flow paste"],
  ])("with %s does not fit", async (_, example, reason) => {
    await write();
    const conformance = defineConformance({ providers: { pier: () => example } });
    expect(resultsOf(await run({ conformance }))["example.fits"]).toContain(reason);
  });

  test("whose server fails, or that lacks an answer, is told of where it shows", async () => {
    await write('await host.fetch("https://pier.example/"); await host.ask({ message: "Name?" });', {
      hosts: ["https://pier.example"],
    });
    const failing = () => {
      throw new Error("forgot something");
    };
    const servers = { "https://pier.example": failing };
    const conformance = defineConformance({ providers: { pier: () => ({ servers, login: {} }) } });
    const reason = resultsOf(await run({ conformance }))["login.success"];
    expect(reason).toContain('it asked "Name?", to which the example has no answer');
    expect(reason).toContain("The example's server failed: forgot something");
  });
});

describe("a run", () => {
  test("has the limits of the conformance file, unless it was given others", async () => {
    await write();
    await writeFile(join(root, "index.js"), "await new Promise(() => {});");
    const conformance = { ...simple, limits: { run: 100 } };
    const limited = resultsOf(await run({ conformance }));
    expect(limited["module.agrees"]).toContain(
      "it had not ended after 0.1 s, and its process was killed. It waits for something that does not end with host.signal",
    );
    const given = resultsOf(await run({ conformance, limits: { run: 200 } }));
    expect(given["module.agrees"]).toContain("it had not ended after 0.2 s");
  });

  test("ends with the signal's reason while it waits for a conformance file, or for an example", async () => {
    await write();
    await writeFile(join(root, "meshauth.conformance.mjs"), "");
    const never = (stop: AbortController) => (): Promise<never> => {
      stop.abort(new Error("enough"));
      return new Promise(() => undefined);
    };
    const [file, example] = [new AbortController(), new AbortController()];
    await expect(run({ signal: file.signal, load: never(file) })).rejects.toThrow("enough");
    const conformance = defineConformance({ providers: { pier: never(example) } });
    await expect(run({ signal: example.signal, conformance })).rejects.toThrow("enough");
  });

  test("shows no secret and no control character of a provider in its reasons", async () => {
    await write('throw new Error("token " + request.options.key + " \\u001b[31m\\u202e");', {
      options: [{ name: "key", type: "string", summary: "Key" }],
    });
    let key = "";
    const conformance = defineConformance({
      providers: {
        pier: ({ secret }) => {
          key = secret("key");
          return { login: { options: { key } } };
        },
      },
    });
    const results = resultsOf(await run({ conformance }));
    expect(results["login.success"]).toContain("it threw Error: token [secret] [31m");
    expect(JSON.stringify(results)).not.toContain(key);
    expect(results["always.keeps-secrets"]).toContain("in the error (login.success)");
  });

  test("ends with the signal's reason, and leaves nothing behind", async () => {
    await write("for (;;);");
    const temporary = join(root, "tmp");
    await mkdir(temporary);
    const before = process.env["TMPDIR"];
    process.env["TMPDIR"] = temporary;
    try {
      const stop = new AbortController();
      const ended = run({
        conformance: simple,
        signal: stop.signal,
        onResult: (_, { id }) =>
          id === "example.fits" && setTimeout(() => stop.abort(new Error("enough")), 200),
      });
      await expect(ended).rejects.toThrow("enough");
      expect(await readdir(temporary)).toEqual([]);
    } finally {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
    }
  });
});
