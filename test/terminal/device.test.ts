import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { offlineHome } from "../support/offline.js";
import { type Home, meshauth } from "../support/program.js";
import { start } from "../support/running.js";
import { KEY, openTerminal } from "../support/terminal.js";
import { linkProviders, moduleWith } from "../support/third-party.js";

const CODE = "WDJB-MJHT";

/** A provider of device codes: `/token` says pending until someone has approved. */
async function deviceHome(): Promise<{ home: Home; url: string; approve: () => void }> {
  let approved = false;
  const server: Server = createServer((_, response) => {
    const body = approved ? { token: "device-token-of-mira-0001" } : { error: "authorization_pending" };
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const home = offlineHome();
  const login = `
    const token = await host.device({
      link: "${url}/device",
      code: "${CODE}",
      async poll(signal) {
        for (;;) {
          const { token } = (await host.fetch("${url}/token", { method: "POST" })).json();
          if (token) return token;
          await new Promise((resolve, reject) => {
            setTimeout(resolve, 200);
            signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          });
        }
      },
    });
    return { kind: "token", serverName: "Acme", token };`;
  const entry = { flows: ["device"], hosts: [url] };
  linkProviders(home, [{ id: "acme", module: moduleWith("acme", login), entry }]);
  return {
    home,
    url,
    approve: () => {
      approved = true;
    },
  };
}

describe("a login that any device can finish", () => {
  test("the screen has link and code, a QR code on request, and nothing about pasting", async () => {
    const { home, url, approve } = await deviceHome();
    const terminal = openTerminal(home, ["login", "acme", "--skip-verify"], { columns: 80, rows: 40 });
    await terminal.see(new RegExp(`on any device:\\s+${url}/device\\s+and enter this code: ${CODE}`));
    await terminal.see(/r=QR q=leave \?=help/);
    terminal.type("r");
    await terminal.see(/[█▀▄]{10}/);
    terminal.type("?");
    await terminal.see(/r: shows the link as a QR code\./);
    approve();
    const { code, before, after } = await terminal.end();
    expect([code, after]).toEqual([0, before]);
    expect(terminal.text).not.toMatch(/paste/i);
    expect(terminal.text).toContain("Signed in with Acme");
  });

  test.each([
    ["q", "q"],
    ["Ctrl-C", KEY.interrupt],
  ])("%s leaves", async (_, key) => {
    const { home } = await deviceHome();
    const terminal = openTerminal(home, ["login", "acme"]);
    await terminal.see(/q=leave/);
    terminal.type(key);
    expect((await terminal.end()).code).toBe(130);
  });

  test("off a terminal the same is said in lines", async () => {
    const { home, url, approve } = await deviceHome();
    const program = start(home, ["login", "acme", "--skip-verify", "--json"]);
    await program.see(new RegExp(`${url}/device\\s+and enter this code: ${CODE}\\s+[\\s\\S]*Waiting for`));
    approve();
    const { code, stdout } = await program.end();
    expect([code, JSON.parse(stdout).provider.id]).toEqual([0, "acme"]);
  });

  test("in two steps: link and code are handed out, and the outcome is taken later", async () => {
    const { home, url, approve } = await deviceHome();
    const started = await meshauth(home, ["login", "acme", "--start", "--json"]);
    const { ticket, link, code } = JSON.parse(started.stdout);
    expect([link, code]).toEqual([`${url}/device`, CODE]);
    const complete = ["login", "--complete", ticket, "--skip-verify", "--json"];
    expect((await meshauth(home, complete)).code).toBe(6);
    approve();
    const { code: exit, stdout } = await meshauth(home, [...complete, "--timeout", "20s"]);
    expect([exit, JSON.parse(stdout).provider.id]).toEqual([0, "acme"]);
  });

  test("it ends with its time", async () => {
    const { home } = await deviceHome();
    const outcome = await meshauth(home, ["login", "acme", "--timeout", "2s", "--json"]);
    expect(outcome.code).toBe(6);
    expect(JSON.parse(outcome.stdout).error.code).toBe("MESHAUTH_E_TIMEOUT");
  });
});
