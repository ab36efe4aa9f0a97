import { describe, expect, it } from "vitest";
import { createSigningKey, ERAS, type Era, type TokenOptions } from "../src/index.js";
import { ask, cookies, simulate } from "./help.js";

type Expected = "as sent" | "renewed" | "refused" | "closed";

const CASES: readonly [what: string, options: TokenOptions, expected: Record<Era, Expected>][] = [
  ["a fresh token", {}, { "2021": "as sent", "2024": "as sent", "2026-04": "as sent", "2026-06": "as sent" }],
  [
    "an expired token with a refresh token",
    { expired: true },
    { "2021": "renewed", "2024": "refused", "2026-04": "renewed", "2026-06": "renewed" },
  ],
  [
    "an expired token without a refresh token",
    { expired: true, noRefresh: true },
    { "2021": "refused", "2024": "refused", "2026-04": "refused", "2026-06": "refused" },
  ],
  [
    "an API token, which has no exp",
    { noExp: true, noRefresh: true },
    { "2021": "as sent", "2024": "as sent", "2026-04": "as sent", "2026-06": "as sent" },
  ],
  [
    "a bare JWT",
    { bare: true },
    { "2021": "refused", "2024": "refused", "2026-04": "as sent", "2026-06": "as sent" },
  ],
  [
    "an opaque access token with a refresh token",
    { opaque: true },
    { "2021": "renewed", "2024": "refused", "2026-04": "as sent", "2026-06": "as sent" },
  ],
  [
    "a JWT without kid",
    { noKid: true },
    { "2021": "closed", "2024": "closed", "2026-04": "closed", "2026-06": "closed" },
  ],
];

describe.each(ERAS)("tokens at a server of %s", (era) => {
  it.each(CASES)("%s", async (_what, options, expected) => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken(options);
    const request = ask(simulator, "/api/token", cookies(simulator, token));
    if (expected[era] === "closed") {
      await expect(request).rejects.toThrow("fetch failed");
      return;
    }
    const response = await request;
    if (expected[era] === "refused") {
      expect(response.status).toBe(302);
      expect(response.headers.get("location")).toBe("/auth/login?");
      expect(response.headers.getSetCookie()[0]).toMatch(/^token=; .*Max-Age=0/);
      return;
    }
    expect(response.status).toBe(200);
    const body = await response.text();
    const saved = JSON.parse(body) as { token: string };
    expect(body).toBe(`{"meshery-provider":"${simulator.remoteName}","token":"${saved.token}"}\n`);
    expect(saved.token === token).toBe(expected[era] === "as sent");
    expect(simulator.cloud.isActive(saved.token)).toBe(true);
    expect(response.headers.getSetCookie().length).toBe(expected[era] === "renewed" ? 1 : 0);
  });

  it("keeps a renewed token in memory, so that the old one goes on working until a restart", async () => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken();
    const cookie = cookies(simulator, token);
    simulator.faults.set("set-cookie-new", 1);
    const first = await ask(simulator, "/api/user", cookie);
    expect(first.headers.getSetCookie()[0]).toMatch(/^token=[A-Za-z0-9+/]{100,};/);
    expect(simulator.cloud.isActive(token)).toBe(false);
    expect((await ask(simulator, "/api/user", cookie)).status).toBe(200);
    expect(simulator.cloud.reuses).toEqual([]);
    simulator.server.restart();
    expect((await ask(simulator, "/api/user", cookie)).status).toBe(302);
  });

  it("asks the cloud with the era's headers", async () => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken();
    await ask(simulator, "/api/user", cookies(simulator, token));
    const profile = simulator.cloud.requests.find(({ path }) => path === "/api/identity/users/profile");
    const authorization = profile?.headers.authorization ?? "";
    expect(authorization === `bearer ${token}`).toBe(era !== "2021");
    expect(authorization).toMatch(/^bearer eyJ/);
    expect(profile?.headers["systemid"] !== undefined).toBe(era !== "2021");
    expect(profile?.headers["x-api-key"] === token).toBe(era === "2026-06");
  });
});

describe("the checks of a token", () => {
  it("refuse a forged signature, and a revoked session unless the token is endless", async () => {
    const simulator = await simulate({ era: "2024" });
    const forged = simulator.cloud.issueToken({ forged: await createSigningKey(), noExp: true });
    expect((await ask(simulator, "/api/user", cookies(simulator, forged))).status).toBe(302);
    const revoked = simulator.cloud.issueToken();
    expect(simulator.cloud.revoke(revoked)).toBe(true);
    expect((await ask(simulator, "/api/user", cookies(simulator, revoked))).status).toBe(302);
    expect(simulator.cloud.requests.filter(({ path }) => path === "/introspect")).toHaveLength(1);
  });

  it("use the clock that was handed in", async () => {
    let now = new Date("2026-06-01T10:00:00Z");
    const simulator = await simulate({ era: "2024", now: () => now });
    const token = simulator.cloud.issueToken({ expiresIn: 30 });
    const first = await ask(simulator, "/api/user", cookies(simulator, token));
    expect([first.status, first.headers.get("date")]).toEqual([200, "Mon, 01 Jun 2026 10:00:00 GMT"]);
    now = new Date("2026-06-01T10:00:31Z");
    expect((await ask(simulator, "/api/user", cookies(simulator, token))).status).toBe(302);
  });

  it("refresh once for many requests at the same time", async () => {
    const simulator = await simulate();
    const cookie = cookies(simulator, simulator.cloud.issueToken({ expired: true }));
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(simulator, "/api/token", cookie)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect([simulator.cloud.refreshes(), simulator.cloud.reuses.length]).toEqual([1, 0]);
  });

  it("cannot be made when a published key has an array member", async () => {
    const simulator = await simulate({ era: "2024" });
    simulator.faults.set("keys-x5c", 1);
    const cookie = cookies(simulator, simulator.cloud.issueToken());
    expect((await ask(simulator, "/api/user", cookie)).status).toBe(302);
    expect((await ask(simulator, "/api/user", cookie)).status).toBe(200);
  });
});
