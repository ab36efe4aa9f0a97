import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectFailure, failureOf } from "../support/failure.js";
import { put } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { dataDir } from "../support/third-party.js";

const UPGRADE = "npm install --global @meshauth/cli@latest";

/** Contract, and what mends that it does not fit, for a package that was installed and for one that was linked. */
const VERSIONS = [
  ["1.1", UPGRADE, UPGRADE],
  ["2.0", UPGRADE, UPGRADE],
  ["0.9", "meshauth plugins update acme", "meshauth plugins uninstall acme"],
] as const;

/** A home with a package `acme`, whose provider nobody but its version keeps from being used. */
function homeWith(api: string, type: "user" | "link"): Home {
  const home = offlineHome();
  const data = dataDir(home);
  const root = type === "user" ? join(data, "node_modules/acme") : join(home.path, "acme");
  const provider = { id: "acme", title: "Acme Cloud", summary: "Sign in at Acme", module: "./index.js" };
  // Another version may have what this one does not know.
  const entry = { ...provider, flows: ["telepathy"], serverNames: ["Acme"], surprise: [1] };
  const meshauth = { api, providers: [entry] };
  put(join(root, "package.json"), JSON.stringify({ name: "acme", version: "1.2.3", oclif: {}, meshauth }));
  put(join(root, "index.js"), "process.exit(1);");
  const plugin = { name: "acme", type, ...(type === "link" ? { root } : {}) };
  put(
    join(data, "package.json"),
    JSON.stringify({ private: true, dependencies: {}, oclif: { schema: 1, plugins: [plugin] } }),
  );
  put(home.authJson, '{"meshery-provider":"Acme","token":"made-up-token-1"}\n');
  return home;
}

describe.each(VERSIONS)("a package of contract %s", (api, installed, linked) => {
  const reason = `It is written for version ${api} of the provider contract, and this meshauth offers 1.0.`;

  test.concurrent.each([
    ["user", installed],
    ["link", linked],
  ] as const)("%s: is listed with the reason and what mends it", async (type, next) => {
    const home = homeWith(api, type);
    const list = await meshauth(home, ["provider", "list", "--json"]);
    expect(list.code).toBe(0);
    expect(document(list)).toMatchObject({ problems: [{ package: "acme", reason, next }] });
  });
});

describe("commands that need such a package", () => {
  const home = homeWith("1.1", "user");
  const why = "It is written for version 1.1 of the provider contract, and this meshauth offers 1.0.";

  test.concurrent.each([
    ["login ID", ["login", "acme"]],
    ["login with its title", ["login", "acme cloud"]],
    ["login -p NAME", ["login", "-p", "Acme"]],
    ["mesheryctl's spelling", ["system", "login", "--provider", "ACME"]],
    ["provider show", ["provider", "show", "acme"]],
    ["provider show, for the credential", ["provider", "show"]],
    ["whoami", ["whoami"]],
  ])("%s: 9, the reason and what mends it", async (_, args) => {
    const failure = failureOf(await meshauth(home, [...args, "--json"]));
    expect(failure).toMatchObject({ code: "MESHAUTH_E_PLUGIN", exitCode: 9, cause: why, next: [UPGRADE] });
    expect(failure.message).toContain("acme, which cannot be used");
  });

  test.concurrent("a person reads the same", async () => {
    const outcome = await meshauth(home, ["login", "acme"]);
    expectFailure(outcome, 9, "MESHAUTH_E_PLUGIN");
    expect(outcome.stderr).toContain(why);
    expect(outcome.stderr).toContain(UPGRADE);
  });

  test.concurrent("check fails for the credential's provider, with the same", async () => {
    const { checks } = document(await meshauth(home, ["check", "--json"])) as {
      checks: { id: string; result: string; message: string; next: string }[];
    };
    const installed = checks.find(({ id }) => id === "provider.installed");
    expect(installed).toMatchObject({ result: "fail", next: UPGRADE });
    expect(installed?.message).toContain(why);
  });

  test.concurrent("logout says why it was not revoked, and empties the file", async () => {
    const own = homeWith("1.1", "link");
    const logout = await meshauth(own, ["logout", "--json"]);
    expect(logout.code).toBe(0);
    expect(document(logout)).toMatchObject({
      outcome: "failed",
      files: [{ message: expect.stringContaining(why) }],
    });
  });
});
