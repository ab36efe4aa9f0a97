import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { offlineHome } from "../support/offline.js";
import { meshauth } from "../support/program.js";

const script = fileURLToPath(new URL("../support/surface.mjs", import.meta.url));

describe.concurrent("the command surface", () => {
  test("is what surface.json says: a change of it is a change for everybody's scripts", () => {
    const { env } = offlineHome();
    const surface = execFileSync(process.execPath, [script], { env, encoding: "utf8", timeout: 30_000 });
    const checkedIn = readFileSync(new URL("surface.json", import.meta.url), "utf8");
    expect(JSON.parse(surface)).toEqual(JSON.parse(checkedIn));
  });

  test("every command has help that names its flags, prints nothing else, and ends with 0", async () => {
    const home = offlineHome();
    const { commands } = JSON.parse(readFileSync(new URL("surface.json", import.meta.url), "utf8")) as {
      commands: Record<string, { hidden?: boolean; flags: Record<string, string> }>;
    };
    for (const [name, { hidden, flags }] of Object.entries(commands)) {
      // "help --help" is the help of the whole program.
      if (hidden || name === "help") continue;
      const outcome = await meshauth(home, [...name.split(" "), "--help"]);
      expect({ name, code: outcome.code, stderr: outcome.stderr }).toEqual({ name, code: 0, stderr: "" });
      const shown = Object.entries(flags).filter(([, flag]) => !flag.includes("hidden"));
      for (const [flag] of shown)
        expect({ name, help: outcome.stdout }).toEqual({ name, help: expect.stringContaining(`--${flag}`) });
      expect(outcome.stdout).not.toMatch(/undefined|\[object|<%/);
    }
  }, 60_000);

  test("the root help names every command, and hidden ones not", async () => {
    const home = offlineHome();
    for (const args of [[], ["--help"], ["-h"], ["help"]]) {
      const { code, stdout, stderr } = await meshauth(home, args);
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
      for (const name of ["login", "status", "check", "provider", "plugins", "version", "which"]) {
        expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
      }
      expect(stdout).not.toMatch(/^ {2}system /m);
    }
  });

  test("help of a topic lists what is below it", async () => {
    const home = offlineHome();
    const login = await meshauth(home, ["help", "login"]);
    for (const id of ["login layer5", "login none", "login file-import", "login oidc"])
      expect(login.stdout).toContain(id);
    const provider = await meshauth(home, ["provider"]);
    expect(provider.code).toBe(0);
    expect(provider.stdout).toContain("provider list");
    const alias = await meshauth(home, ["system", "login", "none", "--help"]);
    expect(alias).toMatchObject({ code: 0, stderr: "" });
  });

  test("--version, -v and version say the same on standard output", async () => {
    const home = offlineHome();
    const [first, ...others] = await Promise.all(
      [["--version"], ["-v"], ["version"]].map((args) => meshauth(home, args)),
    );
    expect(first?.stdout).toMatch(/^@meshauth\/cli\/\d+\.\d+\.\d+ \S+ node-v\d+\S*\n$/);
    for (const other of others) expect(other).toEqual(first);
  });

  test("which names the package behind a command", async () => {
    const home = offlineHome();
    for (const [words, name] of [
      [["login", "layer5"], "@meshauth/provider-layer5"],
      [["login:none"], "@meshauth/provider-none"],
      [["status"], "@meshauth/cli"],
      [["help"], "@meshauth/cli"],
      [["autocomplete"], "@oclif/plugin-autocomplete"],
      [["system", "login", "none"], "@meshauth/provider-none"],
    ] as const) {
      const { code, stdout } = await meshauth(home, ["which", ...words]);
      expect({ words, code, stdout }).toEqual({
        words,
        code: 0,
        stdout: expect.stringContaining(`${name} `),
      });
    }
  });

  test("autocomplete says how to set it up, and completes providers and their flags", async () => {
    const home = offlineHome();
    const { code, stdout, stderr } = await meshauth(home, ["autocomplete", "bash"]);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("meshauth autocomplete script bash");
    const functions = `${home.path}/.cache/meshauth/autocomplete/functions/bash/meshauth.bash`;
    const complete = (...words: string[]): string[] =>
      execFileSync("bash", ["-c", COMPLETE, functions, ...words], {
        env: home.env,
        encoding: "utf8",
        timeout: 10_000,
      })
        .trim()
        .split("\n");
    expect(complete("meshauth", "login", "")).toEqual(
      expect.arrayContaining(["layer5", "none", "file-import", "oidc"]),
    );
    expect(complete("meshauth", "login", "layer5", "--no-b")).toEqual(["--no-browser"]);
    expect(complete("meshauth", "login", "none", "--")).not.toContain("--no-browser");
    expect(complete("meshauth", "sta")).toEqual(["status"]);
  });
});

const COMPLETE = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _meshauth_autocomplete
printf '%s\\n' "\${COMPREPLY[@]}"`;
