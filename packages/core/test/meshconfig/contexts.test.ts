import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failure } from "./errors.js";
import { makeHome, TYPICAL } from "./folder.js";

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
