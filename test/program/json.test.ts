import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createSigningKey, startSimulator } from "@meshauth/meshery-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserLogin } from "../support/browser-login.js";
import { failureOf } from "../support/failure.js";
import { configText, put, putConfig } from "../support/files.js";
import { NOWHERE, offlineHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { joined, type Shape, shapeOf } from "../support/shape.js";
import { linkProviders, moduleWith, packageName } from "../support/third-party.js";
import { authJson, madeUpToken } from "../support/tokens.js";

const shapes = JSON.parse(readFileSync(new URL("shapes.json", import.meta.url), "utf8")) as Record<
  string,
  Shape
>;

const PRINTS = `console.log("noise"); process.stdout.write("noise\\n"); console.error("noise"); process.stderr.write("noise\\n");`;
const NOISY = {
  id: "acme",
  module: moduleWith("acme", `${PRINTS} return { kind: "local", serverName: "Acme" };`, PRINTS),
  entry: {
    serverNames: ["Acme"],
    hosts: ["https://acme.example"],
    options: [{ name: "realm", type: "string", summary: "Realm", placeholder: "REALM" }],
  },
};

let simulator: Awaited<ReturnType<typeof startSimulator>>;
beforeAll(async () => {
  simulator = await startSimulator({ signingKey: await createSigningKey() });
});
afterAll(() => simulator.close());

/** A home with a provider that prints wherever it can. */
function noisyHome(): Home {
  const home = offlineHome({ DEBUG: "*", MESHERY_SERVER_URL: simulator.server.url });
  linkProviders(home, [NOISY, { id: "broken", module: "", entry: { id: "Not An Id" } }]);
  return home;
}

/** The shape that all these runs' documents have. */
async function shapeOfRuns(home: Home, runs: readonly (readonly string[])[]): Promise<Shape> {
  const found: Shape[] = [];
  for (const args of runs) found.push(shapeOf(document(await meshauth(home, [...args, "--json"]))));
  return found.reduce(joined);
}

describe.concurrent("one document with exactly the members of the contract, with DEBUG=* and a provider that prints", () => {
  test("login", async () => {
    const home = noisyHome();
    putConfig(home, configText({ local: { endpoint: simulator.server.url } }));
    const browser = await browserLogin(home, ["--json"]);
    expect(browser.code).toBe(0);
    const others = await shapeOfRuns(home, [
      ["login", "none", "--force"],
      ["login", "acme", "--force"],
      ["system", "login", "-p", "none"],
    ]);
    expect(joined(shapeOf(document(browser)), others)).toEqual(shapes["login"]);
  });

  test("status", async () => {
    const home = noisyHome();
    expect((await browserLogin(home, [])).code).toBe(0);
    expect(await shapeOfRuns(home, [["status"]])).toEqual(shapes["status"]);
    put(home.authJson, "{");
    expect(await shapeOfRuns(home, [["status"]])).toEqual(shapes["status of a damaged file"]);
    put(home.authJson, authJson("Layer5", simulator.cloud.issueToken()));
    expect(await shapeOfRuns(home, [["status", "--check"]])).toEqual(shapes["status --check"]);
  });

  test("check", async () => {
    const home = noisyHome();
    expect(await shapeOfRuns(home, [["check"], ["system", "check"]])).toEqual(shapes["check"]);
  });

  test("provider list and show", async () => {
    const home = noisyHome();
    expect(
      await shapeOfRuns(home, [
        ["provider", "list"],
        ["system", "provider", "list"],
      ]),
    ).toEqual(shapes["provider list"]);
    put(home.authJson, authJson("Acme", ""));
    const runs = [
      ["provider", "show"],
      ["provider", "show", "acme"],
      ["system", "provider", "view", "Acme"],
    ];
    expect(await shapeOfRuns(home, runs)).toEqual(shapes["provider show"]);
  });

  test("plugins and plugins inspect", async () => {
    const home = noisyHome();
    expect(await shapeOfRuns(home, [["plugins"]])).toEqual(shapes["plugins"]);
    expect(await shapeOfRuns(home, [["plugins", "inspect", "acme"]])).toEqual(shapes["plugins inspect"]);
    const root = join(home.path, "packages", packageName("acme"));
    expect(await shapeOfRuns(home, [["plugins", "uninstall", "acme"]])).toEqual(shapes["plugins uninstall"]);
    expect(await shapeOfRuns(home, [["plugins", "link", root]])).toEqual(shapes["plugins link"]);
    await meshauth(home, ["plugins", "uninstall", "acme"]);
    const install = [["plugins", "install", root, "--yes"]];
    expect(await shapeOfRuns(home, install)).toEqual(shapes["plugins install"]);
    expect(await shapeOfRuns(home, [["plugins", "trust", "acme"]])).toEqual(shapes["plugins trust"]);
    expect(await shapeOfRuns(home, [["plugins", "distrust", "acme"]])).toEqual(shapes["plugins distrust"]);
  });

  test("version and which", async () => {
    const home = noisyHome();
    expect(await shapeOfRuns(home, [["version"]])).toEqual(shapes["version"]);
    expect(
      await shapeOfRuns(home, [
        ["which", "login", "acme"],
        ["which", "status"],
      ]),
    ).toEqual(shapes["which"]);
  });
});

describe("the life of a credential, as documents", () => {
  const home = offlineHome({ DEBUG: "*" });
  beforeAll(() => {
    put(home.authJson, authJson("Layer5", simulator.cloud.issueToken({ expired: true })));
    const { url } = simulator.server;
    putConfig(home, configText({ local: { endpoint: url }, other: { endpoint: url } }));
    delete (home.env as Record<string, string>)["MESHERY_SERVER_URL"];
  });

  // In this order, as a credential lives.
  test.each([
    ["token", [["token"]]],
    ["credential get", [["credential", "get"]]],
    ["credential exec", [["credential", "exec"]]],
    ["whoami", [["whoami"]]],
    ["refresh", [["refresh"]]],
    ["api", [["api", "/api/user"]]],
    [
      "context list",
      [
        ["context", "list"],
        ["system", "context", "list"],
      ],
    ],
    [
      "context view",
      [
        ["context", "view"],
        ["system", "context", "view", "other"],
      ],
    ],
    ["context view --all", [["context", "view", "--all"]]],
    [
      "context use",
      [
        ["context", "use", "other"],
        ["context", "use", "local"],
      ],
    ],
    ["system token list", [["system", "token", "list"]]],
    ["system token view", [["system", "token", "view", "--all"]]],
    ["check --fix", [["check", "--fix"]]],
    ["login", [["login", "none", "--force"]]],
    ["restore", [["restore"]]],
    ["logout", [["logout"], ["logout", "--all"]]],
  ] as const)("%s", async (name, runs) => {
    const shape = await shapeOfRuns(home, runs);
    if (name !== "login") expect(shape).toEqual(shapes[name]);
  });
});

describe.concurrent("a failure is one document too", () => {
  test.each([
    [["login", "--json"], 10],
    [["login", "nope", "--json"], 2],
    [["login", "layer5", "--json"], 10],
    [["login", "acme", "--json", "--nope"], 2],
    [["login", "acme", "--json", "--context", "nope"], 2],
    [["login", "none", "--json", "--timeout", "never"], 2],
    [["status", "--json", "--nope"], 2],
    [["status", "--json", "--context", "nope"], 2],
    [["status", "--json", "--config", "gone.yaml"], 8],
    [["provider", "show", "--json", "nope"], 2],
    [["provider", "show", "--json"], 4],
    [["plugins", "--json", "--nope"], 2],
    [["plugins", "inspect", "--json"], 2],
    [["plugins", "inspect", "nope", "--json"], 2],
    [["plugins", "install", "x", "--json"], 10],
    [["plugins", "uninstall", "nope", "--json"], 2],
    [["plugins", "link", "/nowhere", "--json"], 2],
    [["which", "--json"], 2],
    [["token", "--json"], 4],
    [["token", "--json", "--format", "nope"], 2],
    [["credential", "get", "--json"], 4],
    [["credential", "exec", "--json"], 4],
    [["whoami", "--json"], 4],
    [["refresh", "--json"], 4],
    [["restore", "--json"], 4],
    [["api", "--json"], 2],
    [["api", "/api/user", "--json"], 4],
    [["context", "use", "nope", "--json"], 2],
    [["context", "view", "nope", "--json"], 2],
    [["system", "token", "create", "x", "--json"], 2],
    [["context", "view", "x", "--all", "--json"], 2],
    [["credential", "--json"], 2],
    [["context", "--json"], 2],
    [["provider", "--json"], 2],
    [["system", "--json"], 2],
    [["system", "context", "--json"], 2],
    [["nonsense", "--json"], 2],
    [["--json"], 2],
    [["--json", "login", "none"], 2],
  ])("%j ends with %i", async (args, exit) => {
    const home = noisyHome();
    const outcome = await meshauth(home, args);
    expect(failureOf(outcome), outcome.stdout).toMatchObject({ exitCode: exit });
    expect(shapeOf(document(outcome))).toEqual(shapes["failure"]);
    expect(outcome.stdout.endsWith("}\n")).toBe(true);
  });

  test("the credential of a provider that is not installed: 9", async () => {
    const home = offlineHome({ MESHERY_SERVER_URL: NOWHERE });
    put(home.authJson, authJson("Elsewhere", madeUpToken().token));
    const failure = failureOf(await meshauth(home, ["provider", "show", "--json"]));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_PROVIDER_MISSING", exitCode: 9 });
  });

  test("a damaged credential: 8", async () => {
    const home = offlineHome();
    put(home.authJson, "{");
    const failure = failureOf(await meshauth(home, ["provider", "show", "--json"]));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_DAMAGED", exitCode: 8 });
  });
});
