import { describe, expect, test } from "vitest";
import { failure } from "./errors.js";
import { makeHome, TYPICAL } from "./folder.js";

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
