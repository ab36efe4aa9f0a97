import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failure } from "./errors.js";
import { makeHome, TYPICAL } from "./folder.js";

describe("the Meshery folder", () => {
  test("is .meshery in the home directory, whether it exists or not", async () => {
    const { home, resolve } = await makeHome();
    expect(await resolve()).toMatchObject({
      folder: join(home, ".meshery"),
      file: join(home, ".meshery/config.yaml"),
      exists: false,
      currentContext: undefined,
      contexts: [],
      credentialFile: join(home, ".meshery/auth.json"),
      server: "http://localhost:9081",
      serverSource: "default",
      problems: [],
    });
  });

  test("is what MESHERY_HOME names, without a home directory too", async () => {
    const { home, resolve } = await makeHome();
    for (const [value, folder] of [
      [join(home, "m"), join(home, "m")],
      ["sub/m", join(home, "sub/m")],
      ["~/m", join(home, "m")],
    ] as const) {
      expect((await resolve({ env: { MESHERY_HOME: value } })).folder).toBe(folder);
    }
    const config = await resolve({ env: { MESHERY_HOME: join(home, "m") }, home: undefined });
    expect(config.credentialFile).toBe(join(home, "m/auth.json"));
  });

  test.each([
    ["is not set", undefined, /HOME is not set/],
    ["is empty", "", /HOME is not set/],
    ["is relative", "home/ada", /relative path/],
    ["is not there", "/nonexistent/ada", /not a folder/],
    ["is a file", "/etc/passwd", /not a folder/],
  ])("is nowhere when HOME %s: the current directory is never taken", async (_, value, why) => {
    const { resolve } = await makeHome();
    for (const env of [{}, { MESHERY_HOME: " " }]) {
      const error = await failure(resolve({ home: value, env }));
      expect(error.code).toBe("MESHAUTH_E_NO_HOME");
      expect(error.exitCode).toBe(8);
      expect(error.why).toMatch(why);
    }
  });
});

describe("the config file", () => {
  const other = "contexts: {there: {endpoint: http://there.example}}\ncurrent-context: there\n";

  test("is the flag's, else the variable's, else config.yaml in the folder", async () => {
    const { home, resolve, write } = await makeHome(TYPICAL);
    await write("a.yaml", other);
    await write("b.yaml", other.replaceAll("there", "yonder"));
    const env = { MESHERY_CONFIG_PATH: join(home, "b.yaml") };
    expect((await resolve()).currentContext).toBe("local");
    expect((await resolve({ env })).currentContext).toBe("yonder");
    expect((await resolve({ env, flags: { config: "a.yaml" } })).currentContext).toBe("there");
    expect((await resolve({ flags: { config: "~/a.yaml" } })).file).toBe(join(home, "a.yaml"));
  });

  test("elsewhere does not move the Meshery folder", async () => {
    const { folder, resolve, write } = await makeHome();
    await write("a.yaml", TYPICAL);
    const config = await resolve({ flags: { config: "a.yaml" } });
    expect(config.folder).toBe(folder);
    expect(config.credentialFile).toBe(join(folder, "auth.json"));
  });

  test("has to be there when somebody names it", async () => {
    const { resolve } = await makeHome(TYPICAL);
    for (const input of [{ flags: { config: "no.yaml" } }, { env: { MESHERY_CONFIG_PATH: "no.yaml" } }]) {
      const error = await failure(resolve(input));
      expect([error.code, error.exitCode]).toEqual(["MESHAUTH_E_CONFIG", 8]);
      expect(error.why).toMatch(
        /no\.yaml: it does not exist, though (--config|MESHERY_CONFIG_PATH) names it/,
      );
    }
  });

  test.each(["", " \n", "# nothing yet\n", "---\n"])(
    "is like none when it holds nothing: %j",
    async (content) => {
      const { resolve } = await makeHome(content);
      expect(await resolve()).toMatchObject({
        exists: false,
        contexts: [],
        currentContext: undefined,
        problems: [],
      });
    },
  );
});

describe("contexts", () => {
  test("come with server, token and credential file, in the order of the file", async () => {
    const { folder, resolve } = await makeHome(TYPICAL);
    const config = await resolve();
    expect(config.problems).toEqual([]);
    expect(config.contexts).toEqual([
      {
        name: "local",
        endpoint: "http://localhost:9081",
        tokenName: "default",
        provider: "Layer5",
        platform: "kubernetes",
        credentialFile: join(folder, "auth.json"),
        location: {
          raw: "auth.json",
          readerFile: join(folder, "auth.json"),
          writerFile: join(folder, "auth.json"),
          disagrees: false,
          missingEntry: false,
        },
      },
      expect.objectContaining({
        name: "prod",
        endpoint: "https://meshery.example/base",
        credentialFile: join(folder, "prod/auth.json"),
      }),
    ]);
    expect(config).toMatchObject({
      currentContext: "local",
      server: "http://localhost:9081",
      serverSource: "context",
    });
  });

  test("are chosen by flag, variable, file, in that order, without regard to case", async () => {
    const { folder, resolve } = await makeHome(TYPICAL);
    const env = { MESHERY_CONTEXT: "PROD" };
    const prod = await resolve({ env });
    expect(prod).toMatchObject({ currentContext: "prod", server: "https://meshery.example/base" });
    expect(prod.credentialFile).toBe(join(folder, "prod/auth.json"));
    expect((await resolve({ env, flags: { context: "Local" } })).currentContext).toBe("local");
    expect((await resolve({ env: { MESHERY_CONTEXT: "" } })).currentContext).toBe("local");
  });

  test("the file's own spelling is kept, and current-context may differ from it in case", async () => {
    const { resolve } = await makeHome(
      "contexts:\n  Prod: {endpoint: http://p.example}\ncurrent-context: PROD\n",
    );
    expect((await resolve()).currentContext).toBe("Prod");
  });

  test("an exact name wins over one that differs by case, and both are told of", async () => {
    const yaml =
      "contexts:\n  prod: {endpoint: http://a.example}\n  Prod: {endpoint: http://b.example}\ncurrent-context: Prod\n";
    const { resolve } = await makeHome(yaml);
    const config = await resolve();
    expect(config.server).toBe("http://b.example");
    expect(config.problems).toMatchObject([
      { line: 3, message: expect.stringMatching(/differs.*by case only/) },
    ]);
  });

  test.each([
    ["--context", { flags: { context: "prd" } }, "--context prod"],
    ["MESHERY_CONTEXT", { env: { MESHERY_CONTEXT: "prd" } }, "MESHERY_CONTEXT=prod"],
  ])(
    "one that %s names and that is not there is a usage error with the names and the nearest",
    async (by, input, next) => {
      const { resolve } = await makeHome(TYPICAL);
      const error = await failure(resolve(input));
      expect([error.code, error.exitCode]).toEqual(["MESHAUTH_E_UNKNOWN_CONTEXT", 2]);
      expect(error.why).toBe(`${by} names "prd", but the contexts are "local", "prod". Did you mean "prod"?`);
      expect(error.next).toEqual([next]);
    },
  );

  test("one that is named where there are none is a usage error too", async () => {
    const { resolve } = await makeHome();
    const error = await failure(resolve({ flags: { context: "prod\u001b[2J" } }));
    expect(error.code).toBe("MESHAUTH_E_UNKNOWN_CONTEXT");
    expect(error.why).toMatch(/names "prod\[2J", but .*config\.yaml has no contexts/);
  });

  test("one that the file itself names and does not have is an error of the file, with its line", async () => {
    const { file, resolve } = await makeHome(
      TYPICAL.replace("current-context: local", "current-context: loca"),
    );
    const error = await failure(resolve());
    expect([error.code, error.exitCode]).toEqual(["MESHAUTH_E_CONFIG", 8]);
    expect(error.why).toBe(
      `${file}, line 14: "current-context" is "loca", but the contexts are "local", "prod".`,
    );
    expect(error.next).toEqual(["meshauth context use local"]);
    expect((await resolve({ flags: { context: "prod" } })).currentContext).toBe("prod");
  });

  test("the only one is taken when none is current; with several one has to be named", async () => {
    const one = await makeHome("contexts: {only: {endpoint: http://o.example}}\n");
    expect(await one.resolve()).toMatchObject({
      currentContext: "only",
      server: "http://o.example",
      problems: [{ about: "context", next: "meshauth context use only" }],
    });
    const several = await makeHome(TYPICAL.replace(/current-context.*\n/, ""));
    expect((await failure(several.resolve())).why).toMatch(/no "current-context" is given.*"local", "prod"/);
    expect((await several.resolve({ flags: { context: "local" } })).currentContext).toBe("local");
  });

  test("a long list of names is cut", async () => {
    const names = Array.from({ length: 14 }, (_, index) => `  c${index}x: {}`).join("\n");
    const { resolve } = await makeHome(`contexts:\n${names}\ncurrent-context: c1x\n`);
    expect((await failure(resolve({ flags: { context: "zzzz" } }))).why).toMatch(/"c9x" and 4 more\.$/);
  });
});

describe("the server", () => {
  test("is the flag's, else the variable's, else the context's", async () => {
    const { resolve } = await makeHome(TYPICAL);
    const env = { MESHERY_SERVER_URL: "https://env.example/p//" };
    expect(await resolve({ env })).toMatchObject({
      server: "https://env.example/p",
      serverSource: "environment",
    });
    expect(await resolve({ env, flags: { server: "http://flag.example:9081/" } })).toMatchObject({
      server: "http://flag.example:9081",
      serverSource: "flag",
    });
  });

  test.each([
    ["localhost:9081", /does not start with https/],
    ["ftp://h", /does not start with https/],
    ["http://u:SECRET-CANARY@h", /user name or password/],
    ["http://h/?token=SECRET-CANARY", /query/],
    ["http://h/#", /fragment/],
    ["http://h h", /spaces/],
    ["", /empty/],
  ])("given as %j is refused, and no other is taken instead", async (server, why) => {
    const { resolve } = await makeHome(TYPICAL);
    const error = await failure(resolve({ flags: { server } }));
    expect([error.code, error.exitCode]).toEqual(["MESHAUTH_E_USAGE", 2]);
    expect(error.why).toMatch(/^The address in --server/);
    expect(error.why).toMatch(why);
    expect(`${error.message}${error.why}${error.next}`).not.toContain("SECRET-CANARY");
  });

  test("of a context that cannot be one stops the commands of that context only", async () => {
    const { file, resolve } = await makeHome(
      TYPICAL.replace("https://meshery.example/base/", "meshery.example"),
    );
    const error = await failure(resolve({ flags: { context: "prod" } }));
    expect(error.code).toBe("MESHAUTH_E_CONFIG");
    expect(error.why).toMatch(`${file}, line 10: the endpoint of the context "prod" does not start with`);
    expect((await resolve()).problems).toMatchObject([{ about: "server", line: 10 }]);
    const flags = { context: "prod", server: "http://ok.example" };
    expect(await resolve({ flags })).toMatchObject({
      server: "http://ok.example",
      problems: [{ about: "server" }],
    });
  });

  test("of a context without an endpoint is the default", async () => {
    const { resolve } = await makeHome("contexts: {a: {}, b: , c: {endpoint: ''}}\ncurrent-context: a\n");
    for (const context of ["a", "b", "c"]) {
      expect((await resolve({ flags: { context } })).server).toBe("http://localhost:9081");
    }
  });
});

test("resolving reads only: no file and no folder comes into being", async () => {
  const { folder, resolve } = await makeHome();
  await resolve();
  await expect(mkdir(folder)).resolves.toBeUndefined();
  await writeFile(join(folder, "config.yaml"), TYPICAL);
  await resolve();
  const { readdir } = await import("node:fs/promises");
  expect(await readdir(folder)).toEqual(["config.yaml"]);
});
