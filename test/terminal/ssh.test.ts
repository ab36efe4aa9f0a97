import { readFileSync } from "node:fs";
import { createSigningKey, visitLogin } from "@meshauth/meshery-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callbackOf, expectWithout, freed, isListening, LINK, snapshot } from "../support/login.js";
import type { Home } from "../support/program.js";
import { simulatedHome } from "../support/simulated.js";
import { NO_SSH, remotely, type SshServer, startSshServer } from "../support/ssh.js";
import { temptation, wasTempted } from "../support/temptation.js";
import { openTerminal, type TerminalSession } from "../support/terminal.js";

const signingKey = await createSigningKey();

describe.skipIf(NO_SSH)(`T38, A27: over a real SSH connection${NO_SSH ? ` (${NO_SSH})` : ""}`, () => {
  let server: SshServer;
  beforeAll(async () => {
    server = await startSshServer();
  });
  afterAll(() => server?.close());

  /** Runs the program on the server, in a terminal with `ssh -t`, with a display and browsers that leave a trace. */
  function overSsh(home: Home, args: readonly string[], tty: "-tt" | "-T" = "-tt"): TerminalSession {
    const env = { ...home.env, ...temptation(home) };
    return openTerminal(home, remotely(server, home, args, { tty, env }), { command: server.client });
  }

  test("no browser is opened, and the command that is shown, typed elsewhere, brings the callback", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const terminal = overSsh(home, ["login", "layer5"]);
    const [, link = ""] = await terminal.see(LINK);
    await terminal.see(/Waiting for the sign-in/);
    const { port } = callbackOf(link);
    const [, line = ""] = await terminal.see(/^ {2}(ssh .+)$/m);
    expect(line).toBe(`ssh -N -L ${port}:localhost:${port} -p ${server.port} ${server.user}@127.0.0.1`);
    expect(terminal.text).toMatch(/SSH session/);

    const { callback = "" } = await visitLogin(link, { stay: true });
    const { before, after } = await server.elsewhere(line, callback);
    expect(before).toEqual(["ECONNREFUSED"]);
    expect(after).toEqual([303, 200]);

    const ended = await terminal.end();
    expect([ended.code, ended.after], terminal.text).toEqual([0, ended.before]);
    expect(terminal.text).toContain("Signed in with Layer5 as Mira Solberg");
    const { token } = JSON.parse(readFileSync(home.authJson, "utf8")) as { token: string };
    expect(simulator.cloud.isActive(token)).toBe(true);
    expectWithout(token, terminal.output);
    expect(wasTempted(home)).toBe(false);
    await freed(Number(port));
  });

  test("a connection that breaks ends the wait, and nothing is left", async () => {
    const { home } = await simulatedHome({ signingKey });
    const terminal = overSsh(home, ["login", "layer5"]);
    const [, link = ""] = await terminal.see(LINK);
    await terminal.see(/Waiting for the sign-in/);
    const port = Number(callbackOf(link).port);
    const before = snapshot(home.path);
    expect(await isListening(port)).toBe(true);
    terminal.hangUp();
    await freed(port);
    expect(snapshot(home.path)).toEqual(before);
  });

  test("without a terminal on the server nobody is asked: exit 10, and the commands that work are named", async () => {
    const { home } = await simulatedHome({ signingKey });
    const terminal = overSsh(home, ["login", "layer5"], "-T");
    expect((await terminal.end()).code).toBe(10);
    expect(terminal.text).toContain("meshauth login layer5 --no-browser");
    expect(wasTempted(home)).toBe(false);
  });
});
