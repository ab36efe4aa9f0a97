import { describe, expect, it } from "vitest";
import { HOSTILE_TEXT } from "../src/index.js";
import { ask, cookies, simulate } from "./help.js";

describe("GET /api/providers", () => {
  it.each([
    ["2021", "Meshery", "None"],
    ["2024", "Meshery", "None"],
    ["2026-04", "Layer5", "None"],
  ] as const)("is keyed by name in %s, and only the remote has an address", async (era, remote, local) => {
    const simulator = await simulate({ era });
    const response = await ask(simulator, "/api/providers");
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const list = (await response.json()) as Record<string, Record<string, unknown>>;
    expect(Object.keys(list)).toEqual([remote, local].sort());
    const [type, url] =
      era === "2026-04" ? ["providerType", "providerUrl"] : ["provider_type", "provider_url"];
    expect(list[remote]).toMatchObject({ [type]: "remote", [url]: simulator.cloud.url });
    expect(list[local]).toMatchObject({ [type]: "local" });
    expect(list[local]).not.toHaveProperty(url);
  });

  it("is keyed by host in June 2026, and the key and the name both work in the cookie", async () => {
    const simulator = await simulate();
    const host = new URL(simulator.cloud.url).host;
    const list = (await (await ask(simulator, "/api/providers")).json()) as Record<string, unknown>;
    expect(list).toMatchObject({
      [host]: { providerName: "Layer5", providerUrl: simulator.cloud.url },
      Local: { providerType: "local" },
    });
    const token = simulator.cloud.issueToken();
    for (const name of [host, "Layer5"]) {
      const answer = await ask(simulator, "/api/token", cookies(simulator, token, name));
      expect(await answer.json()).toEqual({ "meshery-provider": "Layer5", token });
    }
  });

  it("names remotes by their host before the first probe, and can be hostile", async () => {
    const simulator = await simulate();
    simulator.faults.set("providers-unprobed", 1);
    const host = new URL(simulator.cloud.url).host;
    expect(await (await ask(simulator, "/api/providers")).json()).toMatchObject({
      [host]: { providerName: host },
    });
    simulator.faults.set("providers-hostile", 1);
    expect(await (await ask(simulator, "/api/providers")).text()).toContain(
      JSON.stringify(HOSTILE_TEXT).slice(40),
    );
    expect(simulator.faults.active()).toEqual([]);
  });

  it("gives the later of two remotes with one name the name, and the earlier its host", async () => {
    const simulator = await simulate({
      era: "2024",
      providers: [
        { type: "remote", url: "http://127.0.0.1:9" },
        { type: "remote" },
        { type: "remote", name: "Partner", url: "http://localhost:9" },
      ],
    });
    const list = (await (await ask(simulator, "/api/providers")).json()) as Record<string, unknown>;
    expect(list).toMatchObject({
      Meshery: { provider_url: simulator.cloud.url },
      "127.0.0.1:9": { provider_name: "Meshery", provider_url: "http://127.0.0.1:9" },
      Partner: { provider_url: "http://localhost:9" },
    });
    expect(Object.keys(list)).toHaveLength(3);
  });

  it("streams one event per provider in June 2026 and has no stream before", async () => {
    const simulator = await simulate();
    const events = await (await ask(simulator, "/api/providers/stream")).text();
    expect(events.match(/^event: provider$/gm)).toHaveLength(2);
    const old = await simulate({ era: "2026-04" });
    expect((await ask(old, "/api/providers/stream")).status).toBe(302);
  });

  it("sends a browser straight on when a provider is enforced", async () => {
    const key = "cloud.example";
    const simulator = await simulate({ providers: [{ type: "remote", key }], enforcedProvider: key });
    const response = await ask(simulator, "/provider");
    expect(response.headers.get("location")).toBe("/user/login");
    expect(response.headers.getSetCookie().join()).toContain(`meshery-provider=${key};`);
    // The enforced provider stands in for a missing cookie.
    const user = await ask(simulator, "/api/user", `token=${simulator.cloud.issueToken()}`);
    expect(user.status).toBe(200);
  });
});
