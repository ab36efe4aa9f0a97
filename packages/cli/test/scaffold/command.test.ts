import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createUser } from "../support/program.js";
import { startInTerminal } from "../support/pty.js";

describe("provider new", () => {
  it("makes a package without a network, and says how to go on", async () => {
    const user = await createUser();
    const { code, document, stderr } = await user.json(["provider", "new", "acme"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const directory = join(user.cwd, "meshauth-provider-acme");
    expect(document).toEqual({
      package: "meshauth-provider-acme",
      id: "acme",
      title: "Acme",
      flow: "browser",
      host: "https://login.acme.example",
      license: "Apache-2.0",
      directory,
      files: expect.arrayContaining(["package.json", "src/index.ts"]),
      next: [
        "cd meshauth-provider-acme",
        "npm install",
        "npm test",
        "npm run server",
        "meshauth plugins link .",
        "meshauth login acme --url http://127.0.0.1:4180",
      ],
    });
    expect(JSON.parse(await readFile(join(directory, "package.json"), "utf8"))).toMatchObject({
      name: "meshauth-provider-acme",
      license: "Apache-2.0",
      oclif: {},
    });
    expect(await readdir(user.cwd)).toEqual(["meshauth-provider-acme"]);
  });

  it("takes what it is told", async () => {
    const user = await createUser();
    const argv = ["@corp/acme", "--flow", "file", "--title", "Acme Cloud", "--license", "none"];
    const { document } = await user.json(["provider", "new", ...argv, "--directory", "some where/x"]);
    expect(document).toMatchObject({
      package: "@corp/acme",
      title: "Acme Cloud",
      flow: "file",
      license: "UNLICENSED",
      directory: join(user.cwd, "some where/x"),
      next: expect.arrayContaining(["cd 'some where/x'"]),
    });
  });

  it("names a folder that is not empty, and changes nothing", async () => {
    const user = await createUser();
    await mkdir(join(user.cwd, "meshauth-provider-acme"));
    await writeFile(join(user.cwd, "meshauth-provider-acme/mine"), "");
    const { code, document } = await user.json(["provider", "new", "acme"]);
    expect({ code, document }).toMatchObject({
      code: 2,
      document: {
        error: {
          message: expect.stringContaining(join(user.cwd, "meshauth-provider-acme")),
          next: ["meshauth provider new acme --directory DIR"],
        },
      },
    });
    expect(await readdir(join(user.cwd, "meshauth-provider-acme"))).toEqual(["mine"]);
  });

  it("refuses the name of a built-in provider before anything is asked or written", async () => {
    const user = await createUser();
    const run = startInTerminal(user, ["provider", "new", "layer5"]);
    expect(await run.ended).toBe(2);
    expect(run.text()).toContain("may be taken for @meshauth/provider-layer5, a part of meshauth.");
    expect(run.text()).toContain("MESHAUTH_E_USAGE");
    expect(await readdir(user.cwd)).toEqual([]);
  });

  it("on a terminal asks with the arrow keys how people sign in", async () => {
    const user = await createUser();
    const run = startInTerminal(user, ["provider", "new", "acme"]);
    await run.see("How do people sign in?");
    run.type("\u001b[B\u001b[B\r");
    expect(await run.ended).toBe(0);
    expect(run.text()).toContain("with the flow paste");
    expect(run.text()).toContain("npm install");
  });

  it("on a terminal, a person who leaves leaves nothing behind", async () => {
    const user = await createUser();
    const run = startInTerminal(user, ["provider", "new", "acme"]);
    await run.see("How do people sign in?");
    run.type("\u0003");
    expect(await run.ended).toBe(130);
    expect(await readdir(user.cwd)).toEqual([]);
  });
});
