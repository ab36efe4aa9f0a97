import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSigningKey, type SigningKey, startSimulator, visitLogin } from "@meshauth/meshery-simulator";
import { beforeAll, describe, expect, test } from "vitest";
import { browserLogin, startBrowserLogin } from "../support/browser-login.js";
import { atEnd } from "../support/cleanup.js";
import { failureOf } from "../support/failure.js";
import { modeOf, put, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { type Home, meshauth } from "../support/program.js";
import { authJson, madeUpToken } from "../support/tokens.js";
import { namesIn } from "../support/tree.js";

let signingKey: SigningKey;
beforeAll(async () => {
  signingKey = await createSigningKey();
});

async function cloudHome() {
  const simulator = await startSimulator({ signingKey });
  atEnd(() => simulator.close());
  return { home: offlineHome({ MESHAUTH_PROVIDER_URL: simulator.cloud.url }), simulator };
}

/** Writes in place, as mesheryctl does. */
function mesheryctlWrites(home: Home, text: string): void {
  put(home.authJson, "", 0o644);
  writeFileSync(home.authJson, text);
}

describe.concurrent("somebody else writes while a browser login waits", () => {
  test("another account signs in: that login is kept, and ours says so", async () => {
    const { home } = await cloudHome();
    const other = authJson("Layer5", madeUpToken({ subject: "somebody-else" }).token);
    const outcome = await browserLogin(home, ["--json"], {
      beforeCallback: () => mesheryctlWrites(home, other),
    });
    const failure = failureOf(outcome);
    expect(["MESHAUTH_E_CHANGED", "MESHAUTH_E_INTERACTION"]).toContain(failure.code);
    expect(readFileSync(home.authJson, "utf8")).toBe(other);
  });

  test("the same with --force: ours is written", async () => {
    const { home, simulator } = await cloudHome();
    const other = authJson("Layer5", madeUpToken({ subject: "somebody-else" }).token);
    const outcome = await browserLogin(home, ["--force"], {
      beforeCallback: () => mesheryctlWrites(home, other),
    });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(simulator.cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
    expect(modeOf(home.authJson)).toBe("0600");
  });

  test.each([
    ["logs out", ""],
    ["leaves a web page, as a failed login of mesheryctl does", "<!doctype html><html></html>"],
    ["signs in without an account", authJson("None", "")],
  ])("%s: our login is written", async (_, text) => {
    const { home, simulator } = await cloudHome();
    const outcome = await browserLogin(home, [], { beforeCallback: () => mesheryctlWrites(home, text) });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(simulator.cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
  });

  test("nothing is locked meanwhile: another login of ours goes through", async () => {
    const { home } = await cloudHome();
    const { link, outcome } = await startBrowserLogin(home, []);
    expect(existsSync(`${home.authJson}.lock`)).toBe(false);
    expect((await meshauth(home, ["login", "none"])).code).toBe(0);
    expect((await visitLogin(link)).status).toBe(200);
    expect((await outcome).code).toBe(0);
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
  });

  test("two browser logins at once do not disturb each other", async () => {
    const { home, simulator } = await cloudHome();
    const first = await startBrowserLogin(home, ["--json"]);
    const second = await startBrowserLogin(home, ["--json"]);
    expect((await visitLogin(second.link)).status).toBe(200);
    expect((await second.outcome).code).toBe(0);
    expect((await visitLogin(first.link)).status).toBe(200);
    expect((await first.outcome).code).toBe(0);
    expect(simulator.cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
  });

  test("it is killed: the next command needs no help", async () => {
    const { home } = await cloudHome();
    const { kill, outcome } = await startBrowserLogin(home, []);
    kill("SIGKILL");
    await outcome;
    expect((await meshauth(home, ["login", "none"])).code).toBe(0);
    expect(namesIn(home.meshery)).toEqual(["auth.json"]);
  });
});

test("many logins at once: each succeeds, the file is whole, and nothing is left", async () => {
  const home = offlineHome();
  const source = put(join(home.path, "source.json"), authJson("Layer5", madeUpToken().token));
  const runs = Array.from({ length: 6 }, (_, turn) =>
    meshauth(home, ["login", ...(turn % 2 ? ["none"] : ["file-import", source]), "--force"]),
  );
  for (const { code, stderr } of await Promise.all(runs)) expect(code, stderr).toBe(0);
  expect(["None", "Layer5"]).toContain(readAuth(home.authJson)["meshery-provider"]);
  expect(namesIn(home.meshery)).toEqual(["auth.json"]);
});
