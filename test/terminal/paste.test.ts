import { readFileSync } from "node:fs";
import { createSigningKey, encodeEnvelope, visitLogin } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { callbackOf, expectWithout, freed, LINK, open } from "../support/login.js";
import { type Home, makeHome } from "../support/program.js";
import { NO_SERVER, simulatedHome } from "../support/simulated.js";
import { KEY, openTerminal, type TerminalSession } from "../support/terminal.js";
import { leaksOf } from "../support/tokens.js";
import { pause } from "../support/wait.js";

const signingKey = await createSigningKey();
const GUIDE = new URL("../../docs/user-guide.md", import.meta.url);

interface PasteSession {
  readonly home: Home;
  readonly terminal: TerminalSession;
  /** Where the browser of another machine ends up, and cannot load. */
  readonly address: string;
  readonly token: string;
  readonly port: number;
}

/** A login that waits, and the address that a browser elsewhere was sent to. */
async function waiting(
  columns = 100,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<PasteSession> {
  const { home } = await simulatedHome({ signingKey });
  const terminal = openTerminal(home, ["login", "layer5", ...args], { columns, env });
  const [, link = ""] = await terminal.see(LINK);
  await terminal.silent();
  const { callback: address = "" } = await visitLogin(link, { stay: true });
  const token = new URL(address).searchParams.get("token") ?? "";
  return { home, terminal, address, token, port: Number(callbackOf(link).port) };
}

async function expectSignedIn({ home, terminal, token, port }: PasteSession): Promise<void> {
  const { code, before, after } = await terminal.end();
  expect([code, terminal.text]).toEqual([
    0,
    expect.stringContaining("Signed in with Layer5 as Mira Solberg"),
  ]);
  expect(after).toBe(before);
  expect(terminal.screen.cursorVisible).toBe(true);
  expect(JSON.parse(readFileSync(home.authJson, "utf8"))).toEqual({ "meshery-provider": "Layer5", token });
  expectWithout(token, terminal.output);
  await freed(port);
}

/** The text with a line break every so often, as a narrow window or a chat wraps it. */
const wrapped = (text: string, width = 79): string => text.replace(new RegExp(`.{${width}}`, "g"), "$&\n");

describe("pasting by hand", () => {
  test("the address of the page that did not load signs in, and the token is never shown", async () => {
    const session = await waiting();
    session.terminal.paste(session.address);
    session.terminal.type(KEY.enter);
    await expectSignedIn(session);
  });

  test("A26: screen and guide warn of who asks for the address, and nothing of it is shown or logged", async () => {
    const session = await waiting(100, [], { DEBUG: "*" });
    const { terminal, address, token } = session;
    expect(terminal.text).toMatch(/^Paste it only here\. Nobody will ever ask you for it\.$/m);
    const guide = readFileSync(GUIDE, "utf8").replace(/\s+/g, " ");
    expect(guide).toContain("The address holds the token: paste it nowhere else");

    // A refused one, too.
    terminal.paste(address.replace(new URL(address).pathname, `/cb/layer5/${"A".repeat(43)}`));
    terminal.type(KEY.enter);
    await terminal.see(/That was not taken/);
    terminal.paste(address);
    terminal.type(KEY.enter);
    await expectSignedIn(session);
    // It did log.
    expect(terminal.text).toMatch(/^\s*oclif:meshauth\S* GET /m);
    const { search } = new URL(address);
    const bare = terminal.output.replace(/\u001b\[[?\d;]*[@-~]|\s/g, "");
    expect(leaksOf(bare, [token, search])).toEqual([]);
  });

  test("in a terminal of 40 columns", async () => {
    const session = await waiting(40);
    session.terminal.type(`${session.address}${KEY.enter}`);
    await expectSignedIn(session);
  });

  test("--paste opens nothing and takes the address", async () => {
    const session = await waiting(100, ["--paste"]);
    expect(session.terminal.text).toContain("No browser is opened");
    session.terminal.type(`${session.address}${KEY.enter}`);
    await expectSignedIn(session);
  });

  test("an address of more than 4,095 characters, the limit of a terminal's line", async () => {
    const session = await waiting();
    const filler = `session_cookie=${"abcdefgh".repeat(800)}`;
    session.terminal.paste(session.address.replace("?", `?${filler}&`));
    session.terminal.type(KEY.enter);
    await expectSignedIn(session);
  });

  test("in pieces, with pauses", async () => {
    const session = await waiting();
    for (const piece of session.address.match(/.{1,300}/g) ?? []) {
      session.terminal.paste(piece);
      await pause(40);
    }
    session.terminal.type(KEY.enter);
    await expectSignedIn(session);
  });

  test("wrapped with line breaks", async () => {
    const session = await waiting();
    session.terminal.paste(wrapped(session.address));
    session.terminal.type(KEY.enter);
    await expectSignedIn(session);
  });

  test("wrapped with line breaks, in pieces that end at a line break", async () => {
    const session = await waiting();
    const lines = wrapped(session.address).split(/(?<=\n)/);
    for (let first = 0; first < lines.length; first += 8) {
      session.terminal.paste(lines.slice(first, first + 8).join(""));
      await pause(20);
    }
    session.terminal.type(KEY.enter);
    await expectSignedIn(session);
  });

  test("wrapped with line breaks, and longer than a terminal's line", async () => {
    const session = await waiting();
    const filler = `session_cookie=${"abcdefgh".repeat(800)}`;
    session.terminal.paste(wrapped(session.address.replace("?", `?${filler}&`)));
    session.terminal.type(KEY.enter);
    await expectSignedIn(session);
  });

  test("the same in a terminal that does not mark what is pasted", async () => {
    const session = await waiting();
    const filler = `session_cookie=${"abcdefgh".repeat(800)}`;
    const text = wrapped(session.address.replace("?", `?${filler}&`)).replaceAll("\n", KEY.enter);
    session.terminal.type(`${text}${KEY.enter}`);
    await expectSignedIn(session);
  });

  test("without Enter, after a line break at the end of the clipboard's text", async () => {
    const session = await waiting();
    session.terminal.type(`${session.address}\n`);
    await expectSignedIn(session);
  });

  test("the markers of a bracketed paste are no part of it", async () => {
    const session = await waiting();
    session.terminal.type(`\u001b[200~${session.address}\u001b[201~${KEY.enter}`);
    await expectSignedIn(session);
  });

  test("wrong ones are refused with a reason each, then the right one is taken", async () => {
    const session = await waiting();
    const { terminal, address } = session;
    const { pathname } = new URL(address);
    const wrong = [
      ["hello there", /not taken: .*token/i],
      [address.replace(pathname, `/cb/layer5/${"A".repeat(43)}`), /not taken: .*another login/i],
      [address.replace(/token=.*/, "token=bm90LWEtdG9rZW4"), /not taken: .*token/i],
      [address.replace(/\?.*/, ""), /not taken: /i],
      [`https://cloud.example.com/login?token=${session.token}`, /not taken: /i],
    ] as const;
    for (const [text, reason] of wrong) {
      const from = terminal.text.length;
      terminal.type(`${text}${KEY.enter}`);
      await terminal.see(new RegExp(`^[\\s\\S]{${from}}[\\s\\S]*${reason.source}`, "i"));
    }
    expect(terminal.text).not.toContain("hello there");
    terminal.type(`${address}${KEY.enter}`);
    await expectSignedIn(session);
  });

  test("the token by itself", async () => {
    const session = await waiting();
    session.terminal.type(`${session.token}${KEY.enter}`);
    await expectSignedIn(session);
  });

  test("a token of more than 4,095 characters, wrapped", async () => {
    const home = makeHome(NO_SERVER);
    const terminal = openTerminal(home, ["login", "layer5", "--skip-verify", "--no-browser"]);
    await terminal.see(/Waiting for the sign-in/);
    await terminal.silent();
    const token = encodeEnvelope({ access_token: "made-up.".repeat(700), token_type: "bearer" });
    terminal.paste(wrapped(token));
    terminal.type(KEY.enter);
    expect((await terminal.end()).code).toBe(0);
    expect(JSON.parse(readFileSync(home.authJson, "utf8")).token).toBe(token);
    expectWithout(token, terminal.output);
  });

  test.each(["c", "q", "r", "?"])(
    "a text that begins with the key %s is a text, not the key",
    async (key) => {
      const session = await waiting();
      const { terminal, address } = session;
      const from = terminal.output.length;
      terminal.paste(`${key}${"x".repeat(8)}`);
      await terminal.see(/9 characters/);
      // The key by itself, when something is in the line already.
      terminal.type(key);
      await terminal.see(/10 characters/);
      terminal.type(`\u0015${address}${KEY.enter}`);
      await expectSignedIn(session);
      expect(terminal.output.slice(from)).not.toMatch(/was copied|Ctrl-U|QR code|\u001b\]/);
    },
  );

  test("a marked paste that comes byte by byte acts as no key", async () => {
    const session = await waiting();
    for (const piece of ["\u001b[200~", "q", "c", "\r", "r", "\u001b[201~"]) {
      session.terminal.type(piece);
      await pause(40);
    }
    await session.terminal.see(/3 characters/);
    session.terminal.type(`\u0015${session.address}${KEY.enter}`);
    await expectSignedIn(session);
  });

  test("a mistake is taken back with Ctrl-U or backspace", async () => {
    const session = await waiting();
    session.terminal.type(`${session.address}rubbish\u0015${session.address}xy\u007f\u007f${KEY.enter}`);
    await expectSignedIn(session);
  });

  test("nothing of it is shown from the moment in which the link is", async () => {
    const { home } = await simulatedHome({ signingKey });
    const terminal = openTerminal(home, ["login", "layer5"]);
    await terminal.see(/http:\S+\/login\?/);
    terminal.type("typed-early");
    await terminal.see(/11 characters/);
    terminal.type(KEY.interrupt);
    await terminal.end();
    expect(terminal.text).not.toContain("typed-early");
  });

  test("what is typed is counted, not shown, and Ctrl-C forgets it", async () => {
    const { terminal, address, token } = await waiting();
    terminal.type(address);
    await terminal.see(new RegExp(`${address.length} characters`));
    terminal.type(KEY.interrupt);
    const { code, before, after } = await terminal.end();
    expect([code, after]).toEqual([130, before]);
    expectWithout(token, terminal.output);
  });

  test("the address of a denied sign-in ends it with 5", async () => {
    const { home } = await simulatedHome({ signingKey });
    const terminal = openTerminal(home, ["login", "layer5"]);
    const [, link = ""] = await terminal.see(LINK);
    await terminal.silent();
    const { callback = "" } = await visitLogin(link, { stay: true, decision: "deny" });
    terminal.type(`${callback}${KEY.enter}`);
    const { code, before, after } = await terminal.end();
    expect([code, after]).toEqual([5, before]);
    expect(terminal.text).toContain("access_denied");
  });

  test("T30: a hostile description in a pasted address is printed without control characters", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    simulator.faults.set("login-error");
    const terminal = openTerminal(home, ["login", "layer5"]);
    const [, link = ""] = await terminal.see(LINK);
    await terminal.silent();
    const { callback = "" } = await visitLogin(link, { stay: true });
    terminal.type(`${callback}${KEY.enter}`);
    expect((await terminal.end()).code).toBe(5);
    expect(terminal.text).toMatch(/access_denied.*<script>.*Set-Cookie/);
    expect(terminal.output).not.toMatch(/\u001b\]|\u0007|\u202e|^Set-Cookie/m);
  });

  test("a provider that drops the path: the address from the address bar signs in", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    simulator.faults.set("login-drops-path");
    const terminal = openTerminal(home, ["login", "layer5"]);
    const [, link = ""] = await terminal.see(LINK);
    await terminal.silent();
    const { callback = "", status } = await visitLogin(link);
    expect(status).toBe(404);
    const token = new URL(callback).searchParams.get("token") ?? "";
    terminal.type(`${callback}${KEY.enter}`);
    await expectSignedIn({ home, terminal, address: callback, token, port: Number(callbackOf(link).port) });
  });

  test("what was pasted before the browser came back does not reach the shell", async () => {
    const { terminal, address, token } = await waiting();
    terminal.type(address.slice(0, 500));
    await terminal.see(/500 characters/);
    expect(await open(address)).toBe(303);
    expect((await terminal.end()).code).toBe(0);
    expectWithout(token, terminal.output);
  });

  test("over SSH the link leads, and the tunnel command has the port in use", async () => {
    const { home } = await simulatedHome(
      { signingKey },
      { SSH_CONNECTION: "203.0.113.7 50022 192.0.2.10 22", SSH_TTY: "/dev/pts/1" },
    );
    const terminal = openTerminal(home, ["login", "layer5"]);
    const [, link = ""] = await terminal.see(LINK);
    await terminal.see(/Waiting for the sign-in/);
    const { port } = callbackOf(link);
    expect(terminal.text).toMatch(new RegExp(`ssh .*-L ${port}:localhost:${port} \\S+@192\\.0\\.2\\.10`));
    expect(terminal.text).toMatch(/paste it here/);
    expect(terminal.text).not.toMatch(/browser should show/);
    terminal.type(KEY.interrupt);
    expect((await terminal.end()).code).toBe(130);
  });
});

test("a dumb terminal: the wait is plain lines, and a paste is taken", async () => {
  const { home } = await simulatedHome({ signingKey }, { NO_COLOR: "" });
  const terminal = openTerminal(home, ["login", "layer5"], { env: { TERM: "dumb" } });
  const [, link = ""] = await terminal.see(LINK);
  await terminal.silent();
  const { callback = "" } = await visitLogin(link, { stay: true });
  const token = new URL(callback).searchParams.get("token") ?? "";
  terminal.type(`${callback}${KEY.enter}`);
  const { code, before, after } = await terminal.end();
  expect([code, after]).toEqual([0, before]);
  expect(terminal.output).not.toContain("\u001b");
  expectWithout(token, terminal.output);
});

test("a dumb terminal: keys act with Enter, and what begins like one is a text", async () => {
  const { home } = await simulatedHome({ signingKey });
  const terminal = openTerminal(home, ["login", "layer5"], { env: { TERM: "dumb" } });
  await terminal.see(/With Enter: q leaves/);
  await terminal.silent();
  terminal.type("c");
  await pause(50);
  terminal.type("all it a day\n");
  await terminal.see(/not taken/);
  terminal.type("c\n");
  await terminal.see(/cannot be asked to copy/);
  terminal.type("?\n");
  await terminal.see(/q and Enter, or Ctrl-C/);
  terminal.type("q\n");
  const { code, before, after } = await terminal.end();
  expect([code, after]).toEqual([130, before]);
  expect(terminal.output).not.toContain("\u001b");
});
