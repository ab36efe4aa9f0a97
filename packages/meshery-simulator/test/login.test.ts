import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
  decodeEnvelope,
  ERAS,
  HOSTILE_TEXT,
  parseJwt,
  type Simulator,
  USERS,
  visitLogin,
} from "../src/index.js";
import { encodeSource, simulate } from "./help.js";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** What a program that waits for its callback runs. */
async function receiver(): Promise<{ origin: string; targets: string[] }> {
  const targets: string[] = [];
  const server = createServer((request, response) => {
    targets.push(request.url ?? "");
    response.end("received");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, targets };
}

const linkTo = (simulator: Simulator, address: string, path = "/login"): string =>
  `${simulator.cloud.url}${path}?provider_version=v0.3.14&source=${encodeSource(address)}`;

const ADDRESS = "http://localhost:7777/cb/layer5/nonce";

async function callbackOf(simulator: Simulator, address = ADDRESS): Promise<string> {
  return (await visitLogin(linkTo(simulator, address), { stay: true })).callback ?? "";
}

describe("the login page", () => {
  it("leads through its two forms to the callback address, with a token of the account chosen", async () => {
    const simulator = await simulate();
    const program = await receiver();
    const link = linkTo(simulator, `${program.origin}/cb/layer5/nonce?kept=1`);

    const signIn = await (await fetch(link)).text();
    for (const { firstName, email } of USERS) {
      expect(signIn).toContain(firstName);
      expect(signIn).toContain(email);
    }
    const query = new URL(link).search.slice(1);
    const signedIn = await fetch(`${simulator.cloud.url}/login`, {
      method: "POST",
      body: new URLSearchParams({ query, user: USERS[2]?.id ?? "", password: "anything" }),
      redirect: "manual",
    });
    expect([signedIn.status, signedIn.headers.get("location")]).toEqual([303, `/login?${query}`]);
    const [cookie = ""] = (signedIn.headers.getSetCookie()[0] ?? "").split(";");
    expect(signedIn.headers.getSetCookie()[0]).toMatch(/^meshery_session=.*HttpOnly/);

    const consent = await (await fetch(link, { headers: { Cookie: cookie } })).text();
    expect(consent).toContain("Yuki Brandt");
    const allowed = await fetch(`${simulator.cloud.url}/consent`, {
      method: "POST",
      headers: { Cookie: cookie },
      body: new URLSearchParams({ query, decision: "allow" }),
    });
    expect(await allowed.text()).toBe("received");
    expect(program.targets).toHaveLength(1);
    const callback = new URL(program.targets[0] ?? "", program.origin);
    expect(callback.pathname).toBe("/cb/layer5/nonce");
    expect([...callback.searchParams.keys()]).toEqual(["kept", "token"]);
    const token = callback.searchParams.get("token") ?? "";
    expect(simulator.cloud.userOf(token)).toBe(USERS[2]);
    expect(simulator.cloud.isActive(token)).toBe(true);
  });

  it.each(ERAS)("works for a program and for the server in %s", async (era) => {
    const simulator = await simulate({ era });
    const program = await receiver();
    const visit = await visitLogin(linkTo(simulator, `${program.origin}/x`, era === "2021" ? "/" : "/login"));
    expect([visit.status, visit.page]).toEqual([200, "received"]);

    const key = simulator.server.providers.find(({ type }) => type === "remote")?.key ?? "";
    const browser = await visitLogin(
      `${simulator.server.url}/api/provider?provider=${encodeURIComponent(key)}`,
      { user: "tomas-okafor" },
    );
    expect(browser.page).toContain("Signed in as <strong>Tomas Okafor</strong>");
    const callback = new URL(browser.callback ?? "");
    expect(callback.pathname).toBe("/api/user/token");
    expect(callback.searchParams.has("session_cookie")).toBe(era !== "2021");
  });

  it("does not come back when a signed-in browser opens the root", async () => {
    const simulator = await simulate({ signedIn: USERS[1]?.id ?? true });
    const root = await visitLogin(linkTo(simulator, ADDRESS, "/"));
    expect(root.callback).toBeUndefined();
    expect(root.page).toContain("dashboard");
    const login = await visitLogin(linkTo(simulator, ADDRESS), { stay: true });
    const token = new URL(login.callback ?? "").searchParams.get("token") ?? "";
    expect(simulator.cloud.userOf(token)).toBe(USERS[1]);
  });

  it("lets a person refuse, and change the account", async () => {
    const simulator = await simulate();
    const denied = await visitLogin(linkTo(simulator, ADDRESS), { decision: "deny", stay: true });
    const query = new URL(denied.callback ?? "").searchParams;
    expect([query.get("error"), query.has("token")]).toEqual(["access_denied", false]);
    const standing = await simulate({ signedIn: true });
    const page = await (await fetch(linkTo(standing, ADDRESS).replace("/login", "/logout"))).text();
    expect(page).toContain('action="/login"');
  });

  it.each([
    "https://localhost:7777/cb",
    "http://example.com/cb",
    "http://localhost.example.com/cb",
    "http://localhost@example.com/cb",
    "http://user:pass@localhost/cb",
    "http://127.0.0.2/cb",
    "http://localhost:1/\r\nSet-Cookie: a=b",
    "javascript:alert(1)",
    "localhost:7777",
    "",
  ])("refuses to return to %j", async (address) => {
    const simulator = await simulate({ signedIn: true });
    const query = `source=${encodeSource(address)}`;
    expect((await fetch(`${simulator.cloud.url}/login?${query}`)).status).toBe(400);
    const consent = await fetch(`${simulator.cloud.url}/consent`, {
      method: "POST",
      body: new URLSearchParams({ query, decision: "allow" }),
      redirect: "manual",
    });
    expect([consent.status, consent.headers.get("location")]).toEqual([400, null]);
  });

  it("takes a source in unpadded base64url only", async () => {
    const simulator = await simulate();
    const padded = Buffer.from("http://localhost:77/cb").toString("base64");
    expect(padded).toContain("=");
    const answer = await fetch(`${simulator.cloud.url}/login?source=${encodeURIComponent(padded)}`);
    expect(answer.status).toBe(400);
  });
});

describe("what can go wrong at the end of a login", () => {
  it("login-drops-path", async () => {
    const simulator = await simulate();
    simulator.faults.set("login-drops-path", 1);
    expect(await callbackOf(simulator)).toMatch(/^http:\/\/localhost:7777\/\?token=/);
    expect(await callbackOf(simulator)).toMatch(/^http:\/\/localhost:7777\/cb\/layer5\/nonce\?token=/);
  });

  it("login-error", async () => {
    const simulator = await simulate();
    simulator.faults.set("login-error");
    const { searchParams } = new URL(await callbackOf(simulator));
    expect(searchParams.get("error")).toBe("access_denied");
    expect(searchParams.get("error_description")).toBe(HOSTILE_TEXT);
  });

  it("login-no-token and login-token-twice", async () => {
    const simulator = await simulate();
    simulator.faults.set("login-no-token", 1);
    expect(await callbackOf(simulator)).toBe(ADDRESS);
    simulator.faults.set("login-token-twice", 1);
    expect(new URL(await callbackOf(simulator)).searchParams.getAll("token")).toHaveLength(2);
  });

  it("tokens in the wrong alphabet, padded, bare, or with a raw plus", async () => {
    const simulator = await simulate();
    const token = async (fault: "login-padded" | "login-url-safe" | "login-bare"): Promise<string> => {
      simulator.faults.set(fault, 1);
      return new URL(await callbackOf(simulator)).searchParams.get("token") ?? "";
    };
    expect(decodeEnvelope(await token("login-padded"))).toBe("not-base64");
    const urlSafe = await token("login-url-safe");
    expect(urlSafe).toMatch(/-/);
    expect(decodeEnvelope(urlSafe)).toBe("not-base64");
    expect(parseJwt(await token("login-bare"))).toBeDefined();
    simulator.faults.set("login-raw-plus", 1);
    const raw = /[?&]token=([^&]*)/.exec(await callbackOf(simulator))?.[1] ?? "";
    expect(raw).toContain("+");
    expect(typeof decodeEnvelope(raw)).toBe("object");
  });

  it("login-extra", async () => {
    const simulator = await simulate();
    simulator.faults.set("login-extra", 1);
    expect(await callbackOf(simulator)).toMatch(/&session_cookie=[\w-]{32}$/);
  });
});
