import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeEnvelope, type FaultName, visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { browserLogin, openCallback, startBrowserLogin } from "../support/browser-login.js";

import { put, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { type Home, meshauth, startMeshauth } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { linkProviders, moduleWith } from "../support/third-party.js";
import { authJson, leaksOf, madeUpToken } from "../support/tokens.js";

/** Everything that makes Node and the libraries talk. */
const LOUD = {
  DEBUG: "*",
  NODE_DEBUG: "http,https,http2,net,fs,tls,undici,fetch,module,child_process,timer",
  NODE_OPTIONS: "--trace-warnings --trace-uncaught",
};

/** The parts of a token in one line. */
function partsOf(token: string): string[] {
  const envelope = decodeEnvelope(token);
  if (typeof envelope === "string") return [token, ...token.split(".").slice(1)];
  const { access_token, refresh_token = "" } = envelope;
  return [
    token,
    access_token,
    ...access_token.split(".").slice(1),
    refresh_token,
    ...refresh_token.split("."),
  ].filter((part) => part !== "");
}

/** What of the secrets is in the output, or in any file of the home but the credential file. */
function leaks(home: Home, output: string, secrets: readonly string[]): string[] {
  const texts = [output];
  const code: Buffer[] = [];
  const visit = (path: string): void => {
    const stat = lstatSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
    else if (path.includes("/.cache/meshauth/code/")) code.push(readFileSync(path));
    else if (stat.isFile() && path !== home.authJson && !path.endsWith("source.json"))
      texts.push(readFileSync(path, "latin1"));
  };
  visit(home.path);
  // Megabytes of compiled code are not looked through for every piece of every spelling.
  const compiled = secrets.filter((secret) => code.some((bytes) => bytes.includes(secret)));
  return [...compiled, ...leaksOf(texts.join("\n"), secrets)];
}

describe.concurrent("T40: no part of a token is in any output, with everything that can be made to talk", () => {
  test.each(["--json", "--force"])("a whole login with %s", async (flag) => {
    const { server } = await simulated();
    const home = offlineHome(LOUD);
    const outcome = await browserLogin(home, ["--server", server.url, flag]);
    expect(outcome.code).toBe(0);
    // The test is worth nothing if nothing talks.
    expect(outcome.stderr.length).toBeGreaterThan(20_000);
    expect(outcome.stderr).toMatch(/^(?:HTTP|NET) \d+:/m);
    const secrets = partsOf(readAuth(home.authJson)["token"] ?? "");
    expect(secrets.length).toBeGreaterThan(4);
    expect(leaks(home, outcome.stdout + outcome.stderr, secrets)).toEqual([]);
    if (flag === "--json") JSON.parse(outcome.stdout);
    else expect(outcome.stdout).toBe("");
  });

  test.each<[FaultName, number]>([
    ["profile-401", 5],
    ["profile-503", 0],
    ["down", 0],
    ["token-html", 0],
    ["login-token-twice", 6],
    ["login-padded", 6],
    ["login-url-safe", 6],
    ["login-bare", 6],
  ])("a login with %s", async (fault, exit) => {
    const { server, faults } = await simulated();
    const home = offlineHome(LOUD);
    const early = fault.startsWith("login-") || fault === "token-html" || fault === "profile-401";
    if (early) faults.set(fault);
    let token = "";
    const outcome = await browserLogin(
      home,
      ["--server", server.url, "--json", ...(exit === 6 ? ["--timeout", "4s"] : [])],
      {
        beforeCallback(callback) {
          token = new URL(callback).search.replace(/^\?token=/, "").split("&")[0] ?? "";
          if (!early) faults.set(fault);
        },
      },
    );
    expect(outcome.code).toBe(exit);
    JSON.parse(outcome.stdout);
    expect(token.length).toBeGreaterThan(100);
    const plain = decodeURIComponent(token);
    const standard = plain.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
    const parts = fault === "login-bare" ? partsOf(plain) : [plain, ...partsOf(standard)];
    expect(leaks(home, outcome.stdout + outcome.stderr, parts)).toEqual([]);
  });

  test("tokens that were thrown at the receiver and refused", async () => {
    const { cloud } = await simulated();
    const home = offlineHome({ ...LOUD, MESHAUTH_PROVIDER_URL: cloud.url });
    const { link, outcome } = await startBrowserLogin(home, ["--json"]);
    const source = new URL(
      Buffer.from(new URL(link).searchParams.get("source") ?? "", "base64url").toString(),
    );
    const thrown = [cloud.issueToken(), cloud.issueToken(), cloud.issueToken({ bare: true })];
    await openCallback(`${source.origin}/wrong?token=${encodeURIComponent(thrown[0] ?? "")}`);
    await openCallback(`${source.href}?token=${encodeURIComponent(thrown[2] ?? "")}`);
    const session = "SECRET-CANARY-session-cookie-value";
    await openCallback(`${source.href}?session_cookie=${session}&ref=x`);
    expect((await visitLogin(link)).status).toBe(200);
    // A second, different token at the right address.
    await openCallback(`${source.href}?token=${encodeURIComponent(thrown[1] ?? "")}`).catch(() => 0);
    const ended = await outcome;
    expect(ended.code).toBe(0);
    const secrets = [session, ...thrown.flatMap(partsOf), ...partsOf(readAuth(home.authJson)["token"] ?? "")];
    expect(leaks(home, ended.stdout + ended.stderr, secrets)).toEqual([]);
  });

  test("status, check and provider show, by file and by environment", async () => {
    const { server, cloud } = await simulated();
    const made = [cloud.issueToken(), cloud.issueToken({ expired: true }), cloud.apiToken({ bare: true })];
    for (const token of made) {
      const home = offlineHome({ ...LOUD, MESHERY_SERVER_URL: server.url });
      put(home.authJson, authJson("Layer5", token));
      for (const args of [
        ["status", "--check"],
        ["check", "--json"],
        ["provider", "show"],
      ]) {
        const outcome = await meshauth(home, args);
        expect({ args, leaks: leaks(home, outcome.stdout + outcome.stderr, partsOf(token)) }).toEqual({
          args,
          leaks: [],
        });
      }
    }
    const [token = ""] = made;
    const home = offlineHome({
      ...LOUD,
      MESHERY_SERVER_URL: server.url,
      MESHERY_API_TOKEN: token,
      MESHERY_PROVIDER: "Layer5",
    });
    for (const args of [["status", "--check"], ["check"], ["login", "none"], ["login", "layer5"]]) {
      const outcome = await meshauth(home, args);
      expect({ args, leaks: leaks(home, outcome.stdout + outcome.stderr, partsOf(token)) }).toEqual({
        args,
        leaks: [],
      });
    }
  }, 60_000);

  test("imports, good and bad, and standard input", async () => {
    const { server, cloud } = await simulated();
    const token = cloud.issueToken();
    const access = partsOf(token)[1] ?? "";
    const secrets = partsOf(token);
    const home = offlineHome({ ...LOUD, MESHERY_SERVER_URL: server.url });
    const source = join(home.path, "source.json");
    for (const text of [
      authJson("Layer5", token),
      authJson("Layer5", `${token}==`),
      authJson("Layer5", token).slice(0, -20),
      `{"meshery-provider":"Layer5","token":"${token}","token":"${token}x"}`,
      `{"meshery-provider":"Layer5","${token}":1,"token":"${token}"}`,
      `{"token":{"${access}":"${access}"}}`,
      `${token} ${token}`,
      JSON.stringify({ tokens: [{ access_token: access }, { access_token: access }] }),
    ]) {
      put(source, text);
      const outcome = await meshauth(home, ["login", "file-import", source, "--json", "--force"]);
      expect(leaks(home, outcome.stdout + outcome.stderr, secrets)).toEqual([]);
      JSON.parse(outcome.stdout);
    }
    for (const input of [token, `${token}=`, `"${token}"`, `${token}\n${token}`]) {
      for (const args of [
        ["layer5", "--token-stdin", "--server", server.url],
        ["file-import", "-"],
      ]) {
        const outcome = await meshauth(home, ["login", ...args, "--force"], { input });
        expect(leaks(home, outcome.stdout + outcome.stderr, secrets)).toEqual([]);
      }
    }
  }, 90_000);

  test("a damaged credential file, which is kept only in a private copy", async () => {
    const made = madeUpToken();
    const home = offlineHome(LOUD);
    put(home.authJson, authJson("Layer5", made.token).slice(0, -10));
    for (const args of [["status"], ["check"], ["provider", "show"]]) {
      const outcome = await meshauth(home, args);
      expect(leaksOf(outcome.stdout + outcome.stderr, [made.token, made.access, made.refresh])).toEqual([]);
    }
  });

  test("a provider that puts its token into every error it can", async () => {
    const made = madeUpToken();
    const text = JSON.stringify(made.token);
    for (const login of [
      `throw new Error("failed with " + ${text});`,
      `throw Object.assign(new Error("x", { cause: new Error(${text}) }), { token: ${text}, response: { body: ${text} } });`,
      `setTimeout(() => { throw new Error(${text}); }, 1); await new Promise((r) => setTimeout(r, 200));`,
      `host.debug(${text}); host.report({ type: "warning", message: ${text} }); throw Object.assign(new Error(${text}), { [Symbol.for("meshauth.ProviderError")]: true, code: "denied", reason: ${text}, next: [${text}] });`,
    ]) {
      const home = offlineHome(LOUD);
      linkProviders(home, [{ id: "acme", module: moduleWith("acme", `host.secret(${text}); ${login}`) }]);
      const outcome = await meshauth(home, ["login", "acme", "--json"]);
      expect(outcome.code).not.toBe(0);
      JSON.parse(outcome.stdout);
      expect(leaksOf(outcome.stdout + outcome.stderr, [made.token, made.access, made.refresh])).toEqual([]);
    }
  });
});

describe.concurrent("T40: arguments and environment of processes", () => {
  test("the opener gets the link and no token, not even one that the user's environment has", async () => {
    const { cloud, server } = await simulated();
    const made = madeUpToken();
    const opener = fileURLToPath(new URL("../support/record-opener.mjs", import.meta.url));
    const home = offlineHome();
    const record = join(home.path, "record.json");
    const env = {
      MESHAUTH_BROWSER: `"${process.execPath}" "${opener}" "${record}" %s`,
      MESHERY_API_TOKEN: made.token,
      MESHERY_PROVIDER: "Layer5",
    };
    const running = startMeshauth(home, ["login", "layer5", "--server", server.url, "--json"], { env });
    const [link = ""] = await running.seen(/^http:\/\/127\.0\.0\.1:\d+\/login\?\S+$/m);
    const { callback = "" } = await visitLogin(link, { stay: true });
    for (let turn = 0; turn < 100 && !existsSync(record); turn += 1)
      await new Promise((r) => setTimeout(r, 50));
    const before = processes(running.pid);
    expect(await openCallback(callback)).toBe(200);
    const outcome = await running.outcome;
    expect(outcome.code, outcome.stderr).toBe(0);
    const stored = readAuth(home.authJson)["token"] ?? "";
    expect(cloud.isActive(stored)).toBe(true);
    const secrets = [...partsOf(stored), made.token, made.access, made.refresh];
    const seen = readFileSync(record, "utf8");
    expect((JSON.parse(seen) as { argv: string[] }).argv).toEqual([link]);
    expect(leaksOf(seen, secrets)).toEqual([]);
    expect(leaksOf(before, secrets)).toEqual([]);
  });
});

/** Command lines of a process and its children, and the children's environments, while they run. */
function processes(pid: number): string {
  if (process.platform !== "linux") return "";
  const read = (path: string): string => {
    try {
      return readFileSync(path, "latin1");
    } catch {
      return "";
    }
  };
  const children = readdirSync("/proc").filter((name) =>
    new RegExp(`^${name} \\(.*\\) \\S+ ${pid} `).test(read(`/proc/${name}/stat`)),
  );
  return [
    read(`/proc/${pid}/cmdline`),
    ...children.flatMap((child) => [read(`/proc/${child}/cmdline`), read(`/proc/${child}/environ`)]),
  ].join("\n");
}
