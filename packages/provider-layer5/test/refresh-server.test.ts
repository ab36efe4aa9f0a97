import { inspectToken } from "@meshauth/provider-api/format";
import { afterEach, describe, expect, it } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import { AHEAD, envelope, jwt, OLD, oldAt, renewed } from "./support/renewals.js";
import { credentialAt, endAll, hostFor, pathsOf, replying, simulate } from "./support/simulations.js";

afterEach(endAll);

describe("the Meshery Server goes first", () => {
  it.each(["2026-04", "2026-06"] as const)(
    "%s: a refresh token that the server has used up is not presented again",
    async (era) => {
      const simulator = await simulate({ era });
      const token = simulator.cloud.issueToken({ expired: true });
      const credential = credentialAt(simulator, token);
      // Any request makes the server renew; mesheryctl ignores the cookie that says so.
      const key = simulator.server.providers.find(({ type }) => type === "remote")?.key ?? "";
      await hostFor(simulator).server.user({ serverName: key, token });
      expect(simulator.cloud.refreshes()).toBe(1);
      const result = await renewed(credential, hostFor(simulator));
      expect(simulator.cloud.isActive(result.token)).toBe(true);
      expect(simulator.cloud.reuses).toEqual([]);
      expect(simulator.cloud.refreshes()).toBe(1);
      expect(pathsOf(simulator)).toEqual([]);
    },
  );

  it("is asked under the key of its list, and the stored name stays", async () => {
    const simulator = await simulate({ era: "2026-06" });
    const token = simulator.cloud.issueToken({ expired: true });
    const result = await renewed(credentialAt(simulator, token), hostFor(simulator));
    expect(result.serverName).toBe("Layer5");
    const asked = simulator.server.requests.find(({ path }) => path === "/api/token");
    expect(asked?.cookies.get("meshery-provider")).toBe(new URL(simulator.cloud.url).host);
  });

  it.each(["503", "token-html", "token-empty", "token-json-error", "404-empty", "close-connection"] as const)(
    "%s: a server that cannot say may have used it up, so nothing is presented",
    async (fault) => {
      const simulator = await simulate({ era: "2026-06" });
      simulator.faults.set(fault, 5, { path: "/api/token" });
      const token = simulator.cloud.issueToken({ expired: true });
      const failure = await renewed(credentialAt(simulator, token), hostFor(simulator)).catch((e) => e);
      expect(failure).toMatchObject({
        code: "unreachable",
        reason: expect.stringContaining("not presented a second time"),
      });
      expect(pathsOf(simulator)).toEqual([]);
      expect(simulator.cloud.reuses).toEqual([]);
    },
  );

  it.each(["redirect-auth-login", "redirect-provider"] as const)(
    "%s: a server that refuses leaves it to the cloud",
    async (fault) => {
      const simulator = await simulate({ era: "2026-06" });
      simulator.faults.set(fault, 5, { path: "/api/token" });
      const token = simulator.cloud.issueToken({ expired: true });
      const result = await renewed(credentialAt(simulator, token), hostFor(simulator));
      expect(simulator.cloud.isActive(result.token)).toBe(true);
      expect(pathsOf(simulator)).toEqual(["/refresh"]);
    },
  );

  it("gets no token when it lists another provider by the name, or has no list", async () => {
    const simulator = await simulate();
    const other = { key: "Layer5", name: "Layer5", type: "remote", url: "https://other.example" } as const;
    const token = simulator.cloud.issueToken({ expired: true });
    const host = fakeHost({ server: { providers: async () => ({ kind: "ok", value: [other] }) } });
    const result = await renewed(credentialAt(simulator, token), host);
    expect(simulator.cloud.isActive(result.token)).toBe(true);
    expect(host.calls.filter((call) => call === "token")).toEqual([]);
  });

  describe("what it gives back", () => {
    const cloud = { key: "k", name: "Layer5", type: "remote" } as const;

    async function given(token: string) {
      const fresh = envelope("new-access-token", { refreshToken: "new-refresh-token", expiry: AHEAD });
      const replies = await replying({ body: JSON.stringify({ token: fresh }) });
      const host = fakeHost({
        server: {
          providers: async () => ({ kind: "ok", value: [{ ...cloud, url: replies.url }] }),
          token: async () => ({ kind: "ok", value: { serverName: "Elsewhere", token, members: {} } }),
        },
      });
      const result = await renewed(oldAt(replies.url), host);
      const sent = replies.bodies.map((body) => JSON.parse(body).token as string);
      return { result, inside: inspectToken(result.token), sent, host };
    }

    it("a later token is taken; the name that comes with it is not", async () => {
      const later = envelope("from-server-access", { refreshToken: "from-server-refresh", expiry: AHEAD });
      const { result, sent } = await given(later);
      expect(result).toMatchObject({ serverName: "Layer5", token: later });
      expect(sent).toEqual([]);
    });

    it.each([
      {
        what: "an envelope without a refresh token",
        token: envelope("from-server-access", { expiry: AHEAD }),
      },
      { what: "a JWT by itself", token: jwt({ exp: 32_472_144_000 }) },
    ])("$what keeps the old refresh token with it", async ({ token }) => {
      const { inside, sent } = await given(token);
      expect(inside).toMatchObject({ form: "envelope", refreshToken: "old-refresh-token" });
      expect(inside.accessToken).toBe(inspectToken(token).accessToken);
      expect(inside.expiresAt?.toISOString()).toBe("2999-01-01T00:00:00.000Z");
      expect(sent).toEqual([]);
    });

    it.each([
      ["the same token", OLD],
      ["the same access token, spelled otherwise", `${OLD}==`],
      ["one that ended earlier", envelope("earlier-access-token", { expiry: "2019-01-01T00:00:00Z" })],
      ["text that is no token", "some-opaque-text"],
    ])("%s: the old one goes to the provider", async (_, token) => {
      const { inside, sent } = await given(token);
      expect(sent).toEqual([OLD]);
      expect(inside.accessToken).toBe("new-access-token");
    });

    it("a later one that is over by now is what goes to the provider: the old one is used up", async () => {
      const later = envelope("from-server-access", {
        refreshToken: "from-server-refresh",
        expiry: "2021-01-01T00:00:00Z",
      });
      const { inside, sent, host } = await given(later);
      expect(sent).toEqual([later]);
      expect(inside.accessToken).toBe("new-access-token");
      expect([...host.secrets]).toEqual(expect.arrayContaining(["from-server-refresh"]));
    });
  });
});
