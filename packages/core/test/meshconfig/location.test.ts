import { join, posix, win32 } from "node:path";
import { describe, expect, test } from "vitest";
import { readerFile, resolveLocation, writerFile } from "../../src/meshconfig/location.js";
import { makeHome } from "./folder.js";

const paths = {
  path: posix,
  folder: "/home/ada/.meshery",
  home: "/home/ada",
  ctlHome: "/home/ada",
  cwd: "/srv/dir",
};

describe("where mesheryctl writes and reads", () => {
  test.each([
    // location, writer since 2022, writer in 2021, reader
    [
      "auth.json",
      "/home/ada/.meshery/auth.json",
      "/home/ada/.meshery/auth.json",
      "/home/ada/.meshery/auth.json",
    ],
    [
      "sub/auth.json",
      "/home/ada/.meshery/sub/auth.json",
      "/home/ada/.meshery/sub/auth.json",
      "/home/ada/.meshery/sub/auth.json",
    ],
    ["../x.json", "/home/ada/x.json", "/home/ada/x.json", "/home/ada/x.json"],
    [
      "/home/ada/.meshery/a.json",
      "/home/ada/.meshery/a.json",
      "/home/ada/.meshery/a.json",
      "/home/ada/.meshery/a.json",
    ],
    ["/home/ada/x.json", "/home/ada/x.json", "/home/ada/x.json", "/home/ada/x.json"],
    ["~/x.json", "/home/ada/x.json", "/home/ada/.meshery/~/x.json", "/home/ada/.meshery/~/x.json"],
    ["/etc/m/a.json", "/etc/m/a.json", "/etc/m/a.json", "/home/ada/.meshery/etc/m/a.json"],
    ["/mnt/home/ada/x", "/mnt/home/ada/x", "/mnt/home/ada/x", "/mnt/home/ada/x"],
    ["/home/ada2/x", "/home/ada2/x", "/home/ada2/x", "/home/ada2/x"],
  ])("%s", (raw, writer, oldWriter, reader) => {
    expect(writerFile(raw, paths)).toBe(writer);
    expect(writerFile(raw, paths, "2021")).toBe(oldWriter);
    expect(readerFile(raw, paths)).toBe(reader);
    expect(resolveLocation(raw, paths)).toEqual({
      location: { raw, readerFile: reader, writerFile: writer, disagrees: reader !== writer },
      credentialFile: reader,
    });
  });

  test("a relative location with the home in it is read from wherever mesheryctl was started: the writer's counts", () => {
    expect(resolveLocation("x/home/ada/y", paths)).toEqual({
      location: {
        raw: "x/home/ada/y",
        readerFile: "/srv/dir/x/home/ada/y",
        writerFile: "/home/ada/.meshery/x/home/ada/y",
        disagrees: true,
      },
      credentialFile: "/home/ada/.meshery/x/home/ada/y",
    });
  });

  test("in a folder that no mesheryctl knows, an absolute location is what it says", () => {
    const own = { ...paths, folder: "/srv/meshery", ctlHome: undefined };
    for (const [raw, file] of [
      ["auth.json", "/srv/meshery/auth.json"],
      ["/run/secrets/a.json", "/run/secrets/a.json"],
      ["~/x.json", "/home/ada/x.json"],
    ] as const) {
      expect(resolveLocation(raw, own)).toMatchObject({
        location: { disagrees: false },
        credentialFile: file,
      });
    }
    expect(writerFile("~/x.json", { ...own, home: undefined })).toBe("/srv/meshery/~/x.json");
  });

  test("on Windows", () => {
    const windows = {
      path: win32,
      folder: "C:\\Users\\ada\\.meshery",
      home: "C:\\Users\\ada",
      ctlHome: "C:\\Users\\ada",
      cwd: "D:\\",
    };
    expect(resolveLocation("auth.json", windows).credentialFile).toBe("C:\\Users\\ada\\.meshery\\auth.json");
    expect(resolveLocation("C:\\Users\\ada\\x.json", windows).credentialFile).toBe("C:\\Users\\ada\\x.json");
    expect(resolveLocation("~/x.json", windows).location).toMatchObject({
      writerFile: "C:\\Users\\ada\\x.json",
      readerFile: "C:\\Users\\ada\\.meshery\\~\\x.json",
      disagrees: true,
    });
  });
});

describe("in a config", () => {
  const config = (location: string) =>
    `contexts: {a: {token: t}}\ncurrent-context: a\ntokens: [{name: t, location: ${JSON.stringify(location)}}]\n`;

  test("the file that mesheryctl reads counts, and the other one is told", async () => {
    const { home, folder, resolve } = await makeHome(config("~/x.json"));
    const { credentialFile, contexts } = await resolve();
    expect(credentialFile).toBe(join(folder, "~/x.json"));
    expect(contexts[0]?.location).toMatchObject({ disagrees: true, writerFile: join(home, "x.json") });
  });

  test("MESHERY_HOME with the name .meshery is a folder that a mesheryctl with that home would use", async () => {
    const { home, resolve, write } = await makeHome();
    await write("ci/.meshery/config.yaml", config("/etc/m/a.json"));
    await write("plain/config.yaml", config("/etc/m/a.json"));
    const ci = await resolve({ env: { MESHERY_HOME: join(home, "ci/.meshery") } });
    expect(ci.credentialFile).toBe(join(home, "ci/.meshery/etc/m/a.json"));
    const plain = await resolve({ env: { MESHERY_HOME: join(home, "plain") } });
    expect(plain.credentialFile).toBe("/etc/m/a.json");
  });

  test.each(["", "a\u0000b", "a\nb"])("a location that names no file stops: %j", async (location) => {
    const { resolve, inspect } = await makeHome(config(location));
    await expect(resolve()).rejects.toMatchObject({ code: "MESHAUTH_E_CONFIG" });
    expect((await inspect()).problems).toMatchObject([{ fatal: "MESHAUTH_E_CONFIG", line: 3 }]);
  });
});
