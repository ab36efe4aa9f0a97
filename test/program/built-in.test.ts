import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { expectFailure } from "../support/failure.js";
import { offlineHome } from "../support/offline.js";
import { meshauth, type RunOptions } from "../support/program.js";

const IMPORTS = fileURLToPath(new URL("../support/imports.mjs", import.meta.url));
const TOKEN = "made-up-token-of-a-test";
const OIDC = ["login", "oidc", "--issuer", "http://127.0.0.1:9/", "--client-id", "cli", "--no-browser"];

/** The packages of providers, and what they bring, that a command imports something of. */
async function importedBy(args: readonly string[], options: RunOptions = {}): Promise<string[]> {
  const home = offlineHome();
  const file = join(home.path, "imports");
  const env = { NODE_OPTIONS: `--import ${IMPORTS}`, IMPORTS_FILE: file };
  await meshauth(home, args, { ...options, env });
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const packages = text.match(/(?<=\/)(?:provider-(?!api)[a-z0-9-]+|oauth4webapi)(?=\/)/g);
  return [...new Set(packages)].sort();
}

describe.concurrent("of the providers that come with the program, only the one that is used is loaded", () => {
  test.each<[readonly string[], readonly string[], RunOptions?]>([
    [["--version"], []],
    [["--help"], []],
    [["login"], []],
    [["login", "--help"], []],
    [["login", "oidc", "--help"], []],
    [["login", "oidc", "--explain"], []],
    [["login", "oidc"], []],
    [["provider", "list"], []],
    [["provider", "show", "oidc"], []],
    [["status"], []],
    [["check"], []],
    [["login", "none"], ["provider-none"]],
    [["login", "file-import", "-"], ["provider-file-import"], { input: TOKEN }],
    [["login", "layer5", "--token-stdin"], ["provider-layer5"], { input: TOKEN }],
    [OIDC, ["oauth4webapi", "provider-oidc"]],
  ])("%j: %j", async (args, packages, options) => {
    expect(await importedBy(args, options)).toEqual(packages);
  });
});

describe.concurrent("login oidc", () => {
  test("asks the server that was given", async () => {
    const outcome = await meshauth(offlineHome(), OIDC);
    expectFailure(outcome, 7, "MESHAUTH_E_NETWORK");
    expect(outcome.stderr).toContain("127.0.0.1:9");
  });

  test.each([
    ["--issuer", ["--client-id", "cli"]],
    ["--client-id", ["--issuer", "http://127.0.0.1:9/"]],
  ])("without %s: nobody is asked for it here, and it is named", async (missing, args) => {
    const outcome = await meshauth(offlineHome(), ["login", "oidc", ...args]);
    expectFailure(outcome, 2, "MESHAUTH_E_USAGE");
    expect(outcome.stderr).toContain(`Missing ${missing}`);
  });
});
