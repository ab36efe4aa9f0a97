import { ERAS, type Era, type Simulator, startSimulator } from "@meshauth/meshery-simulator";
import { isProviderError, type Provider, type TokenCredential } from "@meshauth/provider-api";
import { inspectToken } from "@meshauth/provider-api/format";
import { afterEach, describe, expect, it } from "vitest";
import { type FakeHostOptions, fakeHost } from "../../provider-api/test/support/fake-host.js";
import layer5 from "../src/index.js";
import { mesheryServer } from "./support/meshery-server.js";
import { signIn, signInAndReturn } from "./support/person.js";

const provider: Provider = layer5;
const running: Simulator[] = [];

async function simulate(options: Parameters<typeof startSimulator>[0]): Promise<Simulator> {
  const simulator = await startSimulator(options);
  running.push(simulator);
  return simulator;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

function hostFor(simulator: Simulator, more: FakeHostOptions = {}) {
  return fakeHost({
    server: mesheryServer(simulator.server.url),
    browser: (link) => signInAndReturn(link),
    ...more,
  });
}

const request = { options: {}, force: false } as const;
const NAMES: Readonly<Record<Era, string>> = {
  "2021": "Meshery",
  "2024": "Meshery",
  "2026-04": "Layer5",
  "2026-06": "Layer5",
};

describe.each(ERAS)("a server and cloud of %s", (era) => {
  it("signs in with the browser, and takes name and token from the server", async () => {
    const simulator = await simulate({ era });
    const host = hostFor(simulator);
    const credential = (await provider.login(request, host)) as TokenCredential;
    expect(credential).toMatchObject({ kind: "token", serverName: NAMES[era], origin: simulator.cloud.url });
    expect(simulator.cloud.isActive(credential.token)).toBe(true);
    expect(host.warnings()).toEqual([]);
    expect(host.calls.slice(0, 2)).toEqual(["listen", "providers"]);
    expect(host.links[0]?.pathname).toBe("/login");
  });

  it("tells whose credential it is", async () => {
    const simulator = await simulate({ era });
    const host = hostFor(simulator);
    const credential = await provider.login(request, host);
    await expect(provider.identify?.(credential, host)).resolves.toEqual({
      id: simulator.cloud.users[0]?.id,
      name: "Mira Solberg",
      email: "mira.solberg@example.com",
    });
  });

  it("tells whose it is without a Meshery Server, by the address that the login kept", async () => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken({ user: "tomas-okafor" });
    const credential = { kind: "token", serverName: "Layer5", origin: simulator.cloud.url, token } as const;
    await expect(provider.identify?.(credential, fakeHost())).resolves.toMatchObject({
      name: "Tomas Okafor",
    });
  });

  it("is denied by the cloud once the session is revoked", async () => {
    const simulator = await simulate({ era });
    const token = simulator.cloud.issueToken();
    simulator.cloud.revoke(token);
    const credential = { kind: "token", serverName: NAMES[era], origin: simulator.cloud.url, token } as const;
    await expect(provider.identify?.(credential, hostFor(simulator))).rejects.toMatchObject({
      code: "denied",
    });
  });

  it("signs in without a Meshery Server at the address of --provider-url", async () => {
    const simulator = await simulate({ era });
    const host = fakeHost({ browser: (link) => signInAndReturn(link) });
    const options = { "provider-url": `${simulator.cloud.url}/`, "provider-name": "Meshery" };
    const credential = await provider.login({ options, force: false }, host);
    expect(credential).toMatchObject({ serverName: "Meshery", origin: simulator.cloud.url });
    expect(host.warnings()).toEqual([]);
    expect(host.calls).toEqual(["listen", "providers"]);
  });

  it("takes an API token from standard input without a listener", async () => {
    const simulator = await simulate({ era });
    const host = hostFor(simulator);
    const token = simulator.cloud.apiToken();
    const credential = await provider.login({ ...request, token }, host);
    expect(credential).toMatchObject({ kind: "token", serverName: NAMES[era], token });
    expect(host.calls).not.toContain("listen");
  });
});

describe("a browser that already has a session (trap of the dashboard)", () => {
  it("comes back, because the link ends in /login", async () => {
    const simulator = await simulate({ signedIn: true });
    const credential = await provider.login(request, hostFor(simulator));
    expect(credential.serverName).toBe("Layer5");
  });

  it("is explained in the hint of the wait", async () => {
    const simulator = await simulate({});
    const host = hostFor(simulator);
    await provider.login(request, host);
    expect(host.hints[0]).toMatch(/dashboard.*private window/);
  });
});

describe("T30 and T26: what the callback may bring", () => {
  it("T30: a refusal ends the login with the provider's words on one line, without escape codes", async () => {
    const simulator = await simulate({});
    simulator.faults.set("login-error");
    const failure = await provider.login(request, hostFor(simulator)).catch((error: unknown) => error);
    expect(isProviderError(failure) && failure.code).toBe("denied");
    const reason = isProviderError(failure) ? (failure.reason ?? "") : "";
    expect(reason).toContain("access_denied");
    expect(reason).not.toMatch(/[\p{Cc}\p{Cf}\n]/u);
  });

  it("T30: so does a person who clicks Deny", async () => {
    const simulator = await simulate({});
    const host = hostFor(simulator, { browser: (link) => signInAndReturn(link, { decision: "deny" }) });
    await expect(provider.login(request, host)).rejects.toMatchObject({
      code: "denied",
      reason: expect.stringContaining("The request was denied."),
    });
  });

  it.each(["login-no-token", "login-padded", "login-url-safe", "login-bare", "login-token-twice"] as const)(
    "T26: %s is refused, and the login goes on waiting for a good one",
    async (fault) => {
      const simulator = await simulate({});
      simulator.faults.set(fault, 1);
      const statuses: number[] = [];
      const host = hostFor(simulator, {
        browser: async (link) => {
          for (let attempt = 0; attempt < 2; attempt += 1) {
            statuses.push((await fetch(await signIn(link), { redirect: "manual" })).status);
          }
        },
      });
      const credential = (await provider.login(request, host)) as TokenCredential;
      expect(statuses[0]).toBe(400);
      expect(simulator.cloud.isActive(credential.token)).toBe(true);
    },
  );

  it.each(["login-extra", "login-raw-plus"] as const)("%s does no harm", async (fault) => {
    const simulator = await simulate({});
    simulator.faults.set(fault, 1);
    const credential = (await provider.login(request, hostFor(simulator))) as TokenCredential;
    expect(simulator.cloud.isActive(credential.token)).toBe(true);
  });
});

describe("an approved login is never lost to the Meshery Server", () => {
  it.each([
    "token-html",
    "token-empty",
    "token-json-error",
    "token-blank",
    "redirect-auth-login",
    "redirect-provider",
    "503",
    "401-json",
    "404-empty",
  ] as const)("%s: it is kept under the listed name, with a warning", async (fault) => {
    const simulator = await simulate({});
    simulator.faults.set(fault);
    const host = hostFor(simulator);
    const credential = (await provider.login(request, host)) as TokenCredential;
    expect(credential.serverName).toBe("Layer5");
    expect(simulator.cloud.isActive(credential.token)).toBe(true);
    expect(host.warnings()).toEqual([expect.stringMatching(/Meshery Server.*"Layer5"/)]);
  });

  it("keeps whatever name the server returns", async () => {
    const simulator = await simulate({});
    simulator.faults.set("token-wrong-name");
    expect((await provider.login(request, hostFor(simulator))).serverName).toBe("Elsewhere");
  });

  it("sends the list's key where it differs from the name, and stores the real name", async () => {
    const simulator = await simulate({ era: "2026-06" });
    simulator.faults.set("providers-unprobed");
    const credential = await provider.login(request, hostFor(simulator));
    expect(credential.serverName).toBe("Layer5");
    const asked = simulator.server.requests.find(({ path }) => path === "/api/token");
    expect(asked?.cookies.get("meshery-provider")).toBe(new URL(simulator.cloud.url).host);
  });
});

describe("whose credential it is, when the cloud does not say", () => {
  const credentialOf = (simulator: Simulator) =>
    ({
      kind: "token",
      serverName: "Layer5",
      origin: simulator.cloud.url,
      token: simulator.cloud.issueToken(),
    }) as const;

  it.each([
    { fault: "profile-401", code: "denied" },
    { fault: "profile-403", code: "denied" },
    { fault: "profile-html", code: "protocol" },
    { fault: "profile-empty", code: "protocol" },
    { fault: "profile-redirect", code: "protocol" },
    { fault: "profile-503", code: "unreachable" },
  ] as const)("$fault without a server: $code", async ({ fault, code }) => {
    const simulator = await simulate({});
    simulator.faults.set(fault);
    await expect(provider.identify?.(credentialOf(simulator), fakeHost())).rejects.toMatchObject({ code });
  });

  it("A09: a redirect is not followed", async () => {
    const simulator = await simulate({});
    simulator.faults.set("profile-redirect");
    await provider.identify?.(credentialOf(simulator), fakeHost()).catch(() => {});
    expect(simulator.cloud.requests.map(({ path }) => path)).toEqual(["/api/identity/users/profile"]);
  });

  it("A07: names without escape codes or line breaks", async () => {
    const simulator = await simulate({});
    simulator.faults.set("profile-hostile");
    const account = await provider.identify?.(credentialOf(simulator), fakeHost());
    expect(JSON.stringify(account)).not.toMatch(/\\u00|\\n|[\p{Cf}]/u);
  });

  it("the Meshery Server is asked when the cloud fails, under the list's key", async () => {
    const simulator = await simulate({});
    simulator.faults.set("profile-503", 1);
    const account = await provider.identify?.(credentialOf(simulator), hostFor(simulator));
    expect(account?.id).toBe(simulator.cloud.users[0]?.id);
    const asked = simulator.server.requests.find(({ path }) => path === "/api/user");
    expect(asked?.cookies.get("meshery-provider")).toBe(new URL(simulator.cloud.url).host);
  });

  it.each(["2021", "2024"] as const)(
    "%s: the server's no does not count while the cloud is down, for it says no to every token then",
    async (era) => {
      const simulator = await simulate({ era });
      simulator.faults.set("profile-503");
      const credential = { ...credentialOf(simulator), serverName: "Meshery" };
      const host = hostFor(simulator);
      await expect(provider.identify?.(credential, host)).rejects.toMatchObject({ code: "unreachable" });
      expect(host.calls).toContain("user");
    },
  );

  it("a credential that another program wrote is asked about at the address that the server lists", async () => {
    const simulator = await simulate({});
    const credential = { kind: "token", serverName: "Layer5", token: simulator.cloud.issueToken() } as const;
    const account = await provider.identify?.(credential, hostFor(simulator));
    expect(account?.name).toBe("Mira Solberg");
  });

  it("a credential in parts is asked about as the envelope that is stored of it", async () => {
    const simulator = await simulate({});
    const { accessToken = "", refreshToken = "" } = inspectToken(simulator.cloud.issueToken());
    const origin = simulator.cloud.url;
    const credential = { kind: "oauth2", serverName: "Layer5", origin, accessToken, refreshToken } as const;
    const account = await provider.identify?.(credential, fakeHost());
    expect(account?.name).toBe("Mira Solberg");
    const [asked] = simulator.cloud.requests;
    const sent = String(asked?.headers["x-api-key"]);
    expect(asked?.headers.authorization).toBe(`Bearer ${sent}`);
    expect(inspectToken(sent)).toMatchObject({ form: "envelope", accessToken, refreshToken });
  });

  it("no token is sent on a guess when nothing tells where the provider is", async () => {
    const host = fakeHost();
    const credential = { kind: "token", serverName: "Meshery", token: "made-up-token" } as const;
    await expect(provider.identify?.(credential, host)).rejects.toMatchObject({ code: "unreachable" });
    expect(host.calls.filter((call) => call.startsWith("http"))).toEqual([]);
  });

  it("asks again with the inner access token, as in 2021, and keeps it out of all output", async () => {
    const simulator = await simulate({ era: "2021" });
    const credential = credentialOf(simulator);
    const host = fakeHost();
    await provider.identify?.(credential, host);
    const sent = simulator.cloud.requests.map(({ headers }) => headers.authorization ?? "");
    expect(sent).toHaveLength(2);
    expect(sent[0]).toBe(`Bearer ${credential.token}`);
    expect(host.secrets).toContain(sent[1]?.slice("Bearer ".length));
  });
});
