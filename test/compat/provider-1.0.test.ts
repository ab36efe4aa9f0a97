import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { openCallback } from "../support/browser-login.js";
import { failureOf } from "../support/failure.js";
import { put, readAuth } from "../support/files.js";
import { document, type Home, meshauth, type RunOptions, startMeshauth } from "../support/program.js";
import { KEY as KEYS, openTerminal } from "../support/terminal.js";
import { type Elm, KEY, startElm } from "./elm.js";
import { elmHome, PACKAGE, PACKAGE_NAME } from "./home.js";

const LINK = /^(http:\/\/\S+\/authorize\?\S+)$/m;

let elm: Elm;
beforeAll(async () => {
  elm = await startElm();
});

async function run(home: Home, args: readonly string[], options: RunOptions = {}): Promise<unknown> {
  const outcome = await meshauth(home, [...args, "--json"], options);
  expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0);
  return document(outcome);
}

test("the package is as it was when contract 1.0 was new", () => {
  const hash = createHash("sha256");
  for (const name of readdirSync(PACKAGE).sort())
    hash.update(`${name}\0`).update(readFileSync(join(PACKAGE, name)));
  expect(hash.digest("hex")).toBe("abb549d6d4e9dfc93a5d2458fc754c8df889b82a51ceae6d84d2d144acfdbaba");
});

describe.concurrent("a package of contract 1.0, driven by the program", () => {
  test("is listed, shown and explained", async () => {
    const home = elmHome(elm.url);
    const { providers, problems } = (await run(home, ["provider", "list"])) as {
      providers: { id: string; api: string }[];
      problems: unknown[];
    };
    expect(problems).toEqual([]);
    expect(providers.filter(({ id }) => id.startsWith("elm")).map(({ id, api }) => [id, api])).toEqual([
      ["elm", "1.0"],
      ["elm-device", "1.0"],
      ["elm-key", "1.0"],
      ["elm-file", "1.0"],
      ["elm-guest", "1.0"],
    ]);
    expect(await run(home, ["provider", "show", "Elm Cloud"])).toMatchObject({
      id: "elm",
      flows: ["browser"],
      hosts: ["https://login.elm.example", "configured"],
      serverNames: ["Elm", "Elm Cloud"],
      options: [{ name: "url", env: "ELM_URL" }, { values: ["staff", "guests"] }, { min: 1, max: 90 }, {}],
    });
    const { stdout } = await meshauth(home, ["login", "elm", "--help"]);
    for (const text of [
      "--url=URL",
      "--realm=<option>",
      "staff|guests",
      "--days",
      "--remember",
      "--no-browser",
    ])
      expect(stdout).toContain(text);
  });

  test("browser: login, whoami, refresh, check, logout", async () => {
    const home = elmHome(elm.url);
    const login = startMeshauth(home, [
      "login",
      "elm",
      "--no-browser",
      "--days",
      "7",
      "--remember",
      "--json",
    ]);
    const [, link = ""] = await login.seen(LINK);
    expect(Object.fromEntries(new URL(link).searchParams)).toMatchObject({
      source: "elm",
      realm: "staff",
      days: "7",
      remember: "yes",
    });
    expect(await openCallback(link)).toBe(200);
    const outcome = await login.outcome;
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({
      provider: { id: "elm", name: "Elm Cloud", package: PACKAGE_NAME, version: "1.0.0" },
      account: { id: "u-7", name: "Ada", email: "ada@elm.example" },
      verified: true,
      refreshable: true,
      warnings: [],
    });
    expect(outcome.stderr).toContain(`Signing in at ${elm.url}.`);
    expect(outcome.stderr).toContain("Elm knows this machine now.");
    expect(elm.seen).toContainEqual({ path: "/saved", form: { force: "false" } });
    const first = readAuth(home.authJson);
    expect(first).toMatchObject({ "meshery-provider": "Elm Cloud", "elm-realm": "staff" });
    expect(first).not.toHaveProperty("realm");

    expect(await run(home, ["whoami"])).toMatchObject({ account: { id: "u-7" } });
    // What a renewal does not give back of its settings stays.
    for (let count = 0; count < 2; count += 1)
      expect(await run(home, ["refresh"])).toMatchObject({ refreshed: true });
    const second = readAuth(home.authJson);
    expect(second["token"]).not.toBe(first["token"]);
    expect({ ...second, token: "" }).toEqual({ ...first, token: "" });
    const { refresh } = partsOf(second["token"]);
    expect(elm.tokens).toContain(refresh);
    const renewals = elm.seen.filter(({ form }) => form["grant_type"] === "refresh_token");
    const kept = { realm: "staff", "elm-realm": "staff" };
    expect(renewals.map(({ form }) => form)).toMatchObject([kept, kept]);

    expect(await run(home, ["logout"])).toMatchObject({ outcome: "revoked" });
    expect(elm.tokens).not.toContain(refresh);
  });

  test("device: login waits for the code, logout says where a person can end it", async () => {
    const home = elmHome(elm.url);
    const outcome = await meshauth(home, ["login", "elm-device", "--json"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stderr).toContain(`Open ${elm.url}/activate and enter ELM-1234.`);
    expect(document(outcome)).toMatchObject({ account: { id: "u-7" }, refreshable: false });
    expect(elm.tokens).toContain(readAuth(home.authJson)["token"]);
    expect(await run(home, ["logout"])).toMatchObject({
      outcome: "not-supported",
      files: [{ page: `${elm.url}/devices` }],
    });
  });

  test("paste: a key on standard input, tried at the Meshery Server, which says whose it is", async () => {
    const home = elmHome(elm.url);
    const outcome = await meshauth(home, ["login", "elm-key", "--token-stdin", "--json"], {
      input: `${KEY}\n`,
    });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({ account: { id: "u-7", name: "Ada" }, verified: true });
    expect(outcome.stderr).toContain("The key is Ada's.");
    expect(readAuth(home.authJson)).toEqual({ "meshery-provider": "Elm Key", token: KEY, note: "kept" });
  });

  test("file: by its path and from standard input, expired with --force only", async () => {
    const home = elmHome(elm.url);
    put(join(home.path, "key"), `${KEY}\n2999-01-01\n`);
    await run(home, ["login", "elm-file", "~/key", "--skip-verify"]);
    expect(readAuth(home.authJson)).toEqual({ "meshery-provider": "Elm File", token: KEY });
    const old = { input: "elm-key-9876543210\n2001-01-01\n" };
    const refused = await meshauth(home, ["login", "elm-file", "-", "--json"], old);
    expect(failureOf(refused)).toMatchObject({ code: "MESHAUTH_E_EXPIRED", exitCode: 4 });
    await run(home, ["login", "elm-file", "-", "--force", "--skip-verify"], old);
    expect(readAuth(home.authJson)["token"]).toBe("elm-key-9876543210");
  });

  test("local: no account", async () => {
    const home = elmHome(elm.url);
    const outcome = await meshauth(home, ["login", "elm-guest", "--json"], { env: { ELM_GUEST: "ada" } });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stderr).toContain("Hello, ada.");
    expect(readAuth(home.authJson)).toEqual({ "meshery-provider": "Elm Guest", token: "" });
  });
});

test("a package of contract 1.0, at a terminal: all questions, and a pasted code", async () => {
  const home = elmHome(elm.url);
  const terminal = openTerminal(home, ["login", "elm", "--no-browser", "-p", "elm"]);
  await terminal.see(/Where is the account kept\?/);
  await terminal.silent();
  // The second of them is marked at first.
  terminal.type(KEYS.enter);
  await terminal.see(/For how many days\?/);
  await terminal.silent();
  terminal.type("5");
  terminal.type(KEYS.enter);
  await terminal.see(/Remember this machine\?/);
  await terminal.silent();
  terminal.type("y");
  terminal.type(KEYS.enter);
  const [, link = ""] = await terminal.see(/(http:\S+\/authorize\?\S+)/);
  expect(link).toContain("realm=guests&days=5&remember=yes");
  await terminal.silent();
  terminal.paste("elm-code-9");
  terminal.type(KEYS.enter);
  const { code } = await terminal.end();
  expect(code, terminal.text).toBe(0);
  expect(readAuth(home.authJson)).toMatchObject({ "meshery-provider": "Elm", "elm-realm": "guests" });
});

function partsOf(token = ""): { readonly access: string; readonly refresh: string } {
  const { access_token: access, refresh_token: refresh } = JSON.parse(
    Buffer.from(token, "base64").toString("utf8"),
  ) as { access_token: string; refresh_token: string };
  return { access, refresh };
}

describe.concurrent("a program that offers another version of the contract", () => {
  const hooks = fileURLToPath(new URL("other-contract.mjs", import.meta.url));
  // What is bundled cannot be exchanged: this is the program as it was compiled.
  const full = fileURLToPath(new URL("../support/full.mjs", import.meta.url));
  const compiled: RunOptions = { command: [process.execPath, full] };
  const offering = (version: string) => ({
    NODE_OPTIONS: `--import=${hooks}`,
    MESHAUTH_TEST_CONTRACT: version,
  });

  test("a later minor version: the package works as it did", async () => {
    const home = elmHome(elm.url, offering("1.4"));
    await run(home, ["login", "elm-guest"], compiled);
    expect(readAuth(home.authJson)).toEqual({ "meshery-provider": "Elm Guest", token: "" });
  });

  test("a later major version: the package is left out, with the reason and what mends it", async () => {
    const home = elmHome(elm.url, offering("2.0"));
    const { problems } = (await run(home, ["provider", "list"], compiled)) as { problems: object[] };
    expect(problems).toContainEqual({
      package: PACKAGE_NAME,
      reason: "It is written for version 1.0 of the provider contract, and this meshauth offers 2.0.",
      next: `meshauth plugins uninstall ${PACKAGE_NAME}`,
    });
  });
});
