import { createSigningKey, visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { inContainer, noContainer } from "../support/container.js";
import { expectWithout, LINK, open } from "../support/login.js";
import { type Home, PROGRAM } from "../support/program.js";
import { simulatedHome } from "../support/simulated.js";
import { temptation, wasTempted } from "../support/temptation.js";
import { KEY, openTerminal, type TerminalSession } from "../support/terminal.js";

const signingKey = await createSigningKey();

const title = "A27: in a container, where only the home can be written";

describe.skipIf(noContainer)(noContainer === undefined ? title : `${title} (${noContainer})`, () => {
  function openInside(
    home: Home,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): TerminalSession {
    const command = [...inContainer(home.path), process.execPath, PROGRAM] as [string, ...string[]];
    return openTerminal(home, args, { command, env });
  }

  test("no browser is opened, and the address of the last page is taken", async () => {
    const { home } = await simulatedHome({ signingKey });
    const terminal = openInside(home, ["login", "layer5"], temptation(home));
    const [, link = ""] = await terminal.see(LINK);
    await terminal.see(/Waiting for the sign-in/);
    expect(terminal.text).toMatch(/No browser is opened from a container/);
    await terminal.silent();
    const { callback = "" } = await visitLogin(link, { stay: true });
    terminal.paste(callback);
    terminal.type(KEY.enter);
    const { code, before, after } = await terminal.end();
    expect([code, after]).toEqual([0, before]);
    expect(terminal.text).toContain("Signed in with Layer5 as Mira Solberg");
    expectWithout(new URL(callback).searchParams.get("token") ?? "", terminal.output);
    expect(wasTempted(home)).toBe(false);
  });

  test("the wait ends by itself", async () => {
    const { home } = await simulatedHome({ signingKey });
    const terminal = openInside(home, ["login", "layer5", "--timeout", "2s"], temptation(home));
    expect((await terminal.end(20_000)).code).toBe(6);
    expect(terminal.text).toMatch(LINK);
    expect(wasTempted(home)).toBe(false);
  });
});

describe("A27: in CI", () => {
  test("no login waits, even in a terminal with a display: exit 10, and the ways without a browser are named", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const env = { ...temptation(home), CI: "true" };
    const terminal = openTerminal(home, ["login", "layer5"], { env });
    expect((await terminal.end()).code).toBe(10);
    for (const way of ["--token-stdin", "--no-browser"])
      expect(terminal.text).toContain(`meshauth login layer5 ${way}`);
    expect(terminal.text).not.toMatch(LINK);
    expect([wasTempted(home), simulator.cloud.requests]).toEqual([false, []]);
  });

  test("--no-browser waits as long as it may, and no browser is opened", async () => {
    const { home } = await simulatedHome({ signingKey });
    const env = { ...temptation(home), CI: "true" };
    const args = ["login", "layer5", "--no-browser", "--timeout"];
    const bounded = openTerminal(home, [...args, "2s"], { env });
    expect((await bounded.end(20_000)).code).toBe(6);
    const answered = openTerminal(home, [...args, "1m"], { env });
    const [, link = ""] = await answered.see(LINK);
    const { callback = "" } = await visitLogin(link, { stay: true });
    expect(await open(callback)).toBe(303);
    expect((await answered.end()).code).toBe(0);
    expect(wasTempted(home)).toBe(false);
  });
});
