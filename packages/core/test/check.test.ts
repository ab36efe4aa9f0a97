import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startSimulator } from "@meshauth/meshery-simulator";
import { inspectToken } from "@meshauth/provider-api/format";
import { describe, expect, onTestFinished, test } from "vitest";
import { check } from "../src/check/check.js";
import type { CheckId } from "../src/check/outcome.js";
import { resolveHeld } from "../src/credential/index.js";
import { refresh } from "../src/refresh.js";
import { status } from "../src/status/status.js";
import { type Person, person, simulator } from "./api/support.js";

const MEND = "Correct or unset MESHERY_API_TOKEN.";

async function checked({ runtime }: Person, fix = false) {
  const { report, exit, fixable } = await check(runtime, {}, { fix });
  const by = (id: CheckId) => report.checks.find((one) => one.id === id);
  return { exit, fixable, by, report };
}

async function current({ runtime }: Person, ask = true) {
  const { report, exit } = await status(runtime, {}, ask);
  return { exit, ...report.contexts[0] };
}

/** Somebody with a token that ends so many seconds from now. */
async function withToken(expiresIn: number, era: "2026-06" | "2024" = "2026-06") {
  const { server, cloud } = await simulator(era);
  const token = cloud.issueToken({ expiresIn });
  const who = await person({
    server: server.url,
    token,
    serverName: era === "2024" ? "Meshery" : "Layer5",
  });
  return { server, cloud, token, who };
}

describe("a token that a server would renew is not sent anywhere", () => {
  test.each([
    ["has ended", -60, "ended at"],
    ["ends within a minute", 30, "ends at"],
  ])("it %s: check", async (_, expiresIn, text) => {
    const { cloud, who, token } = await withToken(expiresIn);
    const { exit, by, fixable, report } = await checked(who);
    expect(exit).toBe(0);
    expect(by("credential.expiry")).toMatchObject({
      result: "warn",
      message: expect.stringContaining(`${text} `),
      next: "meshauth refresh",
    });
    expect(by("credential.expiry")?.message).toContain("it can be renewed");
    for (const id of ["server.accepts", "account"] as const) {
      expect(by(id)).toMatchObject({ result: "skip", next: "meshauth refresh" });
    }
    expect(by("server.reachable")?.result).toBe("pass");
    expect(fixable).toEqual(["credential.expiry"]);
    expect(report.checks.some(({ result }) => result === "fail")).toBe(false);
    expect([cloud.refreshes(), await who.token(), cloud.isEnded(token)]).toEqual([0, token, false]);
  });

  test.each([
    ["has ended", -60, "refreshable", /^It has ended and is renewed on use; the server was not asked\.$/],
    ["ends within a minute", 30, "valid", /^It ends within a minute and is renewed on use; /],
  ])("it %s: status --check", async (_, expiresIn, state, message) => {
    const { cloud, who } = await withToken(expiresIn);
    expect(await current(who)).toMatchObject({
      exit: 0,
      state,
      server: { accepts: null, message: expect.stringMatching(message) },
    });
    expect(cloud.refreshes()).toBe(0);
  });

  test("by the server's clock", async () => {
    const ahead = await startSimulator({ now: () => new Date(Date.now() + 2 * 3_600_000) });
    onTestFinished(() => ahead.close());
    // Made by the same clock, it has ended there and not here.
    const token = ahead.cloud.issueToken({ expiresIn: -3_600 });
    const who = await person({ server: ahead.server.url, token });
    expect((inspectToken(token).expiresAt?.getTime() ?? 0) > Date.now()).toBe(true);
    expect((await checked(who)).by("server.accepts")?.result).toBe("skip");
    expect((await current(who)).server?.accepts).toBeNull();
    expect(ahead.cloud.refreshes()).toBe(0);
  });

  test("with --fix it is renewed first, and then asked about", async () => {
    const { cloud, who } = await withToken(-60);
    await who.willRenew(cloud.issueToken());
    const { exit, by, report } = await checked(who, true);
    expect(exit).toBe(0);
    expect(report.fixed).toEqual(["credential.expiry"]);
    expect(by("credential.expiry")).toMatchObject({ result: "pass" });
    expect(by("server.accepts")).toMatchObject({ result: "pass" });
    expect(cloud.refreshes()).toBe(0);
  });

  test("with --fix, and it cannot be renewed: the class of that failure, and nothing is asked", async () => {
    const { who, cloud } = await withToken(-60);
    await who.willRenew("down");
    const { exit, by } = await checked(who, true);
    expect(exit).toBe(7);
    expect(by("credential.expiry")).toMatchObject({ result: "fail" });
    expect(by("server.accepts")?.result).toBe("skip");
    expect(cloud.refreshes()).toBe(0);
  });

  test("a valid one is asked about", async () => {
    const { who } = await withToken(600);
    expect((await checked(who)).by("server.accepts")?.result).toBe("pass");
    expect((await current(who)).server?.accepts).toBe(true);
  });
});

test("after a refusal that is remembered, an ended token is a failure, as status says", async () => {
  const { who, cloud } = await withToken(-60);
  await expect(refresh(who.runtime, {})).rejects.toMatchObject({ code: "MESHAUTH_E_EXPIRED" });
  const { exit, by } = await checked(who);
  expect(exit).toBe(4);
  expect(by("credential.expiry")).toMatchObject({ result: "fail", next: "meshauth login" });
  expect(by("server.accepts")).toMatchObject({ result: "skip", next: "meshauth login" });
  expect(await current(who)).toMatchObject({
    exit: 4,
    state: "expired",
    server: { accepts: null, message: expect.stringContaining("not renewed") },
  });
  expect(cloud.refreshes()).toBe(0);
});

describe("a token of the environment", () => {
  async function given(
    token: (cloud: Awaited<ReturnType<typeof simulator>>["cloud"]) => string,
    provider?: string,
  ) {
    const { server, cloud, remoteName } = await simulator();
    const MESHERY_API_TOKEN = token(cloud);
    const env = { MESHERY_API_TOKEN, ...(provider === undefined ? {} : { MESHERY_PROVIDER: provider }) };
    return {
      cloud,
      server,
      remoteName,
      token: MESHERY_API_TOKEN,
      who: await person({ server: server.url, env }),
    };
  }

  test("has ended: expired, for it is never renewed, and a login is no help", async () => {
    const { who, cloud } = await given((c) => c.issueToken({ expired: true }), "Layer5");
    expect(await current(who)).toMatchObject({
      exit: 4,
      state: "expired",
      refreshable: false,
      server: { accepts: null },
    });
    const { exit, by, report } = await checked(who);
    expect(exit).toBe(4);
    for (const id of ["credential.expiry", "server.accepts", "account"] as const) {
      expect(by(id)?.next).toBe(MEND);
    }
    expect(JSON.stringify(report)).not.toContain("meshauth login");
    expect(cloud.refreshes()).toBe(0);
  });

  test("is valid: nothing says that it can be renewed", async () => {
    const { who } = await given((c) => c.issueToken(), "Layer5");
    expect(await current(who)).toMatchObject({ exit: 0, state: "valid", refreshable: false });
  });

  test("is refused: a login is no help", async () => {
    const { who, cloud, token } = await given((c) => c.issueToken(), "Layer5");
    cloud.revoke(token);
    const { exit, by } = await checked(who);
    expect(exit).toBe(4);
    for (const id of ["server.accepts", "account"] as const) {
      expect(by(id)).toMatchObject({ result: "fail", next: MEND });
    }
  });

  test("without a name: of the only remote provider of the server, and the later checks go on", async () => {
    const { who, remoteName } = await given((c) => c.issueToken());
    const { exit, by } = await checked(who);
    expect(exit).toBe(0);
    expect(by("credential.shape")).toMatchObject({
      result: "warn",
      message: expect.stringContaining(remoteName),
      next: expect.stringMatching(/^Set MESHERY_PROVIDER to /),
    });
    for (const id of ["credential.token", "credential.expiry", "server.accepts"] as const) {
      expect(by(id), id).toMatchObject({ result: "pass" });
    }
    expect((await current(who)).server?.accepts).toBe(true);
  });

  test("without a name or a server: a failure of usage", async () => {
    const env = { MESHERY_API_TOKEN: "opaque_api-token-without-any-expiry" };
    const who = await person({ server: "http://127.0.0.1:9", env });
    const { exit, by } = await checked(who);
    expect(exit).toBe(2);
    expect(by("credential.shape")).toMatchObject({
      result: "fail",
      next: expect.stringMatching(/^Set MESHERY_PROVIDER /),
    });
    expect(by("credential.token")?.result).toBe("skip");
    expect((await current(who)).server).toMatchObject({ accepts: null });
  });

  test.each([
    ["layer5", "Layer5"],
    ["MESHERY", "Meshery"],
    ["Layer5", "Layer5"],
    ["elsewhere", "elsewhere"],
  ])("MESHERY_PROVIDER=%s is %s", async (typed, serverName) => {
    const { who } = await given((c) => c.issueToken(), typed);
    expect((await resolveHeld(who.runtime, {})).serverName).toBe(serverName);
    expect(await current(who, false)).toMatchObject({ provider: serverName });
    if (serverName !== "Layer5") return;
    expect((await checked(who)).by("server.accepts")?.result).toBe("pass");
  });
});

describe("credential.location warns of what stands in the way of a write", () => {
  test("something else in the place of the lock", async () => {
    const { who } = await withToken(600);
    await mkdir(`${who.file}.lock`);
    const { exit, by } = await checked(who);
    expect(exit).toBe(0);
    expect(by("credential.location")).toMatchObject({ result: "warn", next: `rmdir ${who.file}.lock` });
  });

  test("something else in the place of the data folder", async () => {
    const { who } = await withToken(600);
    const { home = "" } = who.runtime;
    await writeFile(join(home, "data"), "");
    const { exit, by } = await checked(who);
    expect(exit).toBe(0);
    expect(by("credential.location")).toMatchObject({
      result: "warn",
      message: expect.stringContaining(join(home, "data")),
      next: `mv ${home}/data ${home}/data.old`,
    });
    expect(await readFile(join(home, "data"), "utf8")).toBe("");
  });
});
