import { existsSync } from "node:fs";
import type { CloudFault, FaultName, ServerFault } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { browserLogin } from "../support/browser-login.js";

import { failureOf } from "../support/failure.js";
import { put, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { authJson, madeUpToken } from "../support/tokens.js";
import { namesIn, treeOf } from "../support/tree.js";

interface Report {
  readonly provider: { readonly name: string };
  readonly verified: boolean;
  readonly warnings: readonly string[];
}

describe.concurrent("the Meshery Server fails while the login is settled: the approved login is kept", () => {
  const faults: readonly ServerFault[] = [
    "token-html",
    "token-empty",
    "token-json-error",
    "token-number",
    "token-blank",
    "redirect-provider",
    "redirect-auth-login",
    "redirect-login",
    "redirect-foreign",
    "503",
    "401-json",
    "404-empty",
  ];
  test.each(faults)("%s", async (fault) => {
    const simulator = await simulated();
    simulator.faults.set(fault);
    const home = offlineHome();
    const outcome = await browserLogin(home, ["--server", simulator.server.url, "--json"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    const stored = readAuth(home.authJson);
    expect(Object.keys(stored).sort()).toEqual(["meshery-provider", "token"]);
    expect(simulator.cloud.isActive(stored["token"] ?? "")).toBe(true);
    // The name is what the server looks the provider up by.
    expect(stored["meshery-provider"]).toBe("Layer5");
    const report = document(outcome) as Report;
    expect(report.verified).toBe(true);
    expect(report.warnings.length).toBeGreaterThan(0);
    expect(report.warnings.join("\n")).not.toMatch(/<html|<!doctype/i);
  });

  test.each(["2021", "2024"] as const)("token-html from a server of %s", async (era) => {
    const simulator = await simulated({ era });
    simulator.faults.set("token-html");
    const home = offlineHome();
    const outcome = await browserLogin(home, ["--server", simulator.server.url, "--json"]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(simulator.cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
    expect(readAuth(home.authJson)["meshery-provider"]).toBe(simulator.remoteName);
  });

  test("set-cookie-new: the token that the server renewed is the one that is stored", async () => {
    const simulator = await simulated();
    const home = offlineHome();
    const outcome = await browserLogin(home, ["--server", simulator.server.url], {
      beforeCallback: () => simulator.faults.set("set-cookie-new"),
    });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(simulator.cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
    expect(simulator.cloud.refreshes()).toBeGreaterThan(0);
    expect(simulator.cloud.reuses).toEqual([]);
  });

  test("set-cookie-empty: the token is not lost", async () => {
    const simulator = await simulated();
    simulator.faults.set("set-cookie-empty");
    const home = offlineHome();
    const outcome = await browserLogin(home, ["--server", simulator.server.url]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(simulator.cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
  });
});

describe.concurrent("the Meshery Server fails from the start: the cloud that was named is enough", () => {
  const faults: readonly ServerFault[] = [
    "providers-html",
    "providers-none",
    "providers-slow",
    "providers-500",
    "200-html",
    "200-empty",
    "close-connection",
    "huge-body",
    "drip",
  ];
  test.each(faults)("%s", async (fault) => {
    const simulator = await simulated();
    simulator.faults.set(fault);
    const home = offlineHome();
    const outcome = await browserLogin(home, [
      "--server",
      simulator.server.url,
      "--provider-url",
      simulator.cloud.url,
      "--provider-name",
      "Layer5",
      "--json",
    ]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readAuth(home.authJson)["meshery-provider"]).toBe("Layer5");
    expect(simulator.cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
    expect((document(outcome) as Report).verified).toBe(true);
  });
});

describe.concurrent("the provider fails when it is asked who signed in", () => {
  test.each<CloudFault>([
    "profile-html",
    "profile-empty",
    "profile-redirect",
    "profile-503",
    "cloud-503",
    "cloud-html",
    "cloud-huge",
    "down",
  ])("%s: stored, not verified, with a warning", async (fault) => {
    const simulator = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: simulator.cloud.url });
    const outcome = await browserLogin(home, ["--provider-name", "Layer5", "--json"], {
      beforeCallback: () => simulator.faults.set(fault),
    });
    expect(outcome.code, outcome.stderr).toBe(0);
    const report = document(outcome) as Report;
    expect(report).toMatchObject({ account: null, verified: false });
    expect(report.warnings.length).toBeGreaterThan(0);
    expect(readAuth(home.authJson)["meshery-provider"]).toBe("Layer5");
  });

  test.each<CloudFault>(["profile-503", "down"])("%s, and the server too: the same", async (fault) => {
    const simulator = await simulated();
    const home = offlineHome();
    const outcome = await browserLogin(home, ["--server", simulator.server.url, "--json"], {
      beforeCallback: () => simulator.faults.set(fault),
    });
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({ account: null, verified: false });
    expect(readAuth(home.authJson)["meshery-provider"]).toBe("Layer5");
  });

  test.each<CloudFault>(["profile-401", "profile-403"])(
    "%s is a denial: 5, and nothing is written",
    async (fault) => {
      const simulator = await simulated();
      simulator.faults.set(fault);
      const home = offlineHome({ MESHAUTH_PROVIDER_URL: simulator.cloud.url });
      put(home.authJson, authJson("None", ""));
      const before = treeOf(home.meshery)["auth.json"];
      const outcome = await browserLogin(home, ["--json"]);
      expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_DENIED", exitCode: 5 });
      expect(treeOf(home.meshery)["auth.json"]).toBe(before);
      expect(namesIn(home.meshery)).toEqual(["auth.json"]);
    },
  );

  test("a session that was ended at the provider meanwhile is a denial", async () => {
    const simulator = await simulated();
    const home = offlineHome({ MESHAUTH_PROVIDER_URL: simulator.cloud.url });
    const outcome = await browserLogin(home, ["--json"], {
      beforeCallback(callback) {
        simulator.cloud.revoke(new URL(callback).searchParams.get("token") ?? "");
      },
    });
    expect(failureOf(outcome)).toMatchObject({ code: "MESHAUTH_E_DENIED", exitCode: 5 });
    expect(existsSync(home.authJson)).toBe(false);
  });
});

describe.concurrent("an answer that never comes", () => {
  /** A login in whose last part a fault strikes. */
  async function slowLogin(fault: FaultName, by: "server" | "cloud", ...more: string[]) {
    const simulator = await simulated();
    const home = offlineHome();
    const args = {
      server: ["--server", simulator.server.url],
      cloud: ["--provider-url", simulator.cloud.url, "--provider-name", "Layer5"],
    };
    const outcome = await browserLogin(home, [...args[by], ...more, "--json"], {
      beforeCallback: () => simulator.faults.set(fault),
    });
    return { simulator, home, outcome };
  }

  test("delays the login by the limit of a request, and it is kept", async () => {
    const logins = await Promise.all([
      slowLogin("token-slow", "server"),
      slowLogin("slow", "server"),
      slowLogin("cloud-slow", "cloud"),
    ]);
    for (const { simulator, home, outcome } of logins) {
      expect(outcome.code, outcome.stderr).toBe(0);
      expect(simulator.cloud.isActive(readAuth(home.authJson)["token"] ?? "")).toBe(true);
      expect((document(outcome) as Report).warnings.length).toBeGreaterThan(0);
    }
    const [, , cloud] = logins;
    expect(document(cloud.outcome)).toMatchObject({ account: null, verified: false });
  });

  test("and the end of --timeout: an approved login is not lost", async () => {
    const { home, outcome } = await slowLogin("cloud-slow", "cloud", "--timeout", "5s");
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({ account: null, verified: false });
    expect(existsSync(home.authJson)).toBe(true);
  });
});

test.concurrent("a login that fails leaves an older credential of the same file as it was", async () => {
  const simulator = await simulated();
  const home = offlineHome({ MESHAUTH_PROVIDER_URL: simulator.cloud.url });
  put(home.authJson, authJson("Layer5", madeUpToken().token));
  const before = treeOf(home.meshery)["auth.json"];
  const outcome = await browserLogin(home, ["--json", "--force"], { person: { decision: "deny" } });
  expect(outcome.code).toBe(5);
  expect(treeOf(home.meshery)["auth.json"]).toBe(before);
});
