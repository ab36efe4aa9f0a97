import { describe, expect, it } from "vitest";
import { ERAS } from "../src/index.js";
import { ask, cookies, simulate } from "./help.js";

describe.each(ERAS)("without a login, at a server of %s", (era) => {
  it("redirects to the chooser, which is HTML with 200, when the provider is missing or unknown", async () => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken();
    for (const cookie of [
      "",
      `token=${token}`,
      cookies(simulator, token, "Elsewhere"),
      "meshery-provider=",
    ]) {
      const response = await ask(simulator, "/api/user?page=1", cookie);
      expect([response.status, response.headers.get("location")]).toEqual([302, "/provider?page=1"]);
    }
    const followed = await fetch(`${simulator.server.url}/api/user`);
    expect([followed.status, followed.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=utf-8",
    ]);
  });

  it("redirects a GET without a token to the cloud, and answers other methods with an empty 404", async () => {
    const simulator = await simulate({ era });
    const cookie = cookies(simulator, "");
    const response = await ask(simulator, "/api/token", cookie);
    const location = new URL(response.headers.get("location") ?? "");
    expect(location.origin).toBe(simulator.cloud.url);
    expect(location.pathname).toBe(era === "2021" ? "/" : "/login");
    expect(location.searchParams.has("ref")).toBe(era !== "2021");
    const source = Buffer.from(location.searchParams.get("source") ?? "", "base64url").toString();
    expect(source).toBe(`${simulator.server.url}/api/user/token`);
    const post = await ask(simulator, "/api/token", cookie, { method: "POST" });
    expect([post.status, await post.text()]).toEqual([404, ""]);
  });

  it("lets everyone in through the local provider", async () => {
    const simulator = await simulate({ era });
    const name = era === "2026-06" ? "Local" : "None";
    const token = await ask(simulator, "/api/token", `token=; meshery-provider=${name}`);
    expect(await token.text()).toBe(`{"meshery-provider":"${name}","token":""}\n`);
    const user = await ask(simulator, "/api/user", `meshery-provider=${name}`);
    expect(await user.json()).toMatchObject(
      era.startsWith("2026") ? { firstName: "Meshery" } : { first_name: "Meshery", user_id: "meshery" },
    );
    expect(simulator.cloud.requests).toEqual([]);
  });

  it("matches provider names exactly, except that June 2026 takes none in any case", async () => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken();
    const wrongCase = await ask(simulator, "/api/user", cookies(simulator, token, "LAYER5"));
    expect(wrongCase.status).toBe(302);
    const none = await ask(simulator, "/api/user", "meshery-provider=nOnE");
    expect(none.status).toBe(era === "2026-06" ? 200 : 302);
  });

  it("tells a cloud that is down from a bad token only since April 2026", async () => {
    const simulator = await simulate({ era });
    const cookie = cookies(simulator, simulator.cloud.issueToken());
    for (const fault of ["down", "profile-503"] as const) {
      simulator.faults.set(fault);
      const response = await ask(simulator, "/api/user", cookie);
      if (era.startsWith("2026")) {
        expect(response.status).toBe(503);
        expect(response.headers.get("x-content-type-options")).toBe("nosniff");
        expect(await response.json()).toMatchObject({ severity: "ERROR", error: expect.any(String) });
      } else {
        expect([response.status, response.headers.get("location")]).toEqual([302, "/auth/login?"]);
      }
      simulator.faults.clear(fault);
    }
    expect((await ask(simulator, "/api/user", cookie)).status).toBe(200);
  });
});

describe("a bad token", () => {
  it("is counted in a cookie since 2026, and the fourth one is a 401", async () => {
    const simulator = await simulate();
    const cookie = cookies(simulator, "bm90IGEgdG9rZW4");
    const first = await ask(simulator, "/api/user", cookie);
    expect(first.headers.getSetCookie().join("\n")).toMatch(/meshery_auth_retries=1; .*Max-Age=120/);
    const fourth = await ask(simulator, "/api/user", `${cookie}; meshery_auth_retries=3`);
    expect(fourth.status).toBe(401);
    expect(await fourth.json()).toHaveProperty("suggestedRemediation");
    expect(fourth.headers.getSetCookie().every((line) => line.includes("Max-Age=0"))).toBe(true);
  });

  it("leads to the chooser when the provider was named by header or query", async () => {
    const simulator = await simulate({ era: "2024" });
    const byHeader = await ask(simulator, "/api/user", "token=x", {
      headers: { "meshery-provider": "Meshery" },
    });
    const byQuery = await ask(simulator, "/api/user?provider=Meshery", "token=x");
    expect([byHeader, byQuery].map(({ headers }) => headers.get("location"))).toEqual([
      "/provider",
      "/provider",
    ]);
  });
});

describe("routes that a program should know", () => {
  it("have no /api/user/login, answer version and health, and clean double slashes", async () => {
    const simulator = await simulate();
    expect((await ask(simulator, "/api/user/login")).headers.get("location")).toBe("/provider?");
    expect(await (await ask(simulator, "/api/system/version")).json()).toMatchObject({ build: "v1.0.4" });
    expect((await ask(simulator, "/healthz/live")).status).toBe(200);
    expect((await ask(simulator, "/healthz/ready")).status).toBe(200);
    const slashes = await ask(simulator, "//api/providers?a=b");
    expect([slashes.status, slashes.headers.get("location")]).toEqual([301, "/api/providers?a=b"]);
    expect((await ask(simulator, "/error")).status).toBe(500);
  });

  it("answer an unknown provider choice with an empty 200, since June 2026 with a redirect", async () => {
    const old = await simulate({ era: "2024" });
    const answer = await ask(old, "/api/provider?provider=Nobody");
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    const recent = await simulate();
    expect((await ask(recent, "/api/provider?provider=Nobody")).headers.get("location")).toBe("/provider");
  });

  it("serve sync, capabilities, patterns and another user's profile to a caller with a login", async () => {
    const simulator = await simulate();
    const cookie = cookies(simulator, simulator.cloud.issueToken());
    const statuses = await Promise.all(
      [
        "/api/system/sync",
        "/api/provider/capabilities",
        "/api/pattern",
        "/api/identity/users/profile",
        `/api/user/profile/${simulator.cloud.users[0]?.id}`,
        "/",
        "/api/user/profile/nobody",
      ].map(async (path) => (await ask(simulator, path, cookie)).status),
    );
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 404]);
    const posted = await ask(simulator, "/api/user/prefs", cookie, { method: "POST", body: '{"a":1}' });
    expect(await posted.json()).toEqual({ received: '{"a":1}' });
  });
});
