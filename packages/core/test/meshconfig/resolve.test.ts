import { mkdir, readdir, writeFile } from "node:fs/promises";
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

test("resolving reads only: no file and no folder comes into being", async () => {
  const { folder, resolve } = await makeHome();
  await resolve();
  await expect(mkdir(folder)).resolves.toBeUndefined();
  await writeFile(join(folder, "config.yaml"), TYPICAL);
  await resolve();
  expect(await readdir(folder)).toEqual(["config.yaml"]);
});
