import { afterEach, beforeEach, expect, test } from "vitest";
import { quiet, startCertified } from "../../packages/provider-oidc/test/support/certified.js";
import { type Issuer, startIssuer } from "../../packages/provider-oidc/test/support/issuer.js";
import { signInAt } from "../../packages/provider-oidc/test/support/person.js";
import { endAll } from "../../packages/provider-oidc/test/support/running.js";
import { freed, snapshot } from "../support/login.js";
import { offlineHome } from "../support/offline.js";
import { freePort } from "../support/relay.js";
import { KEY, openTerminal, type TerminalSession } from "../support/terminal.js";
import { pause, until } from "../support/wait.js";

const SSH = { SSH_CONNECTION: "203.0.113.7 50022 192.0.2.10 22" };
const NARROW = { columns: 40, rows: 10, env: SSH };

beforeEach(quiet);
afterEach(endAll);

const login = ({ issuer }: { issuer: string }, ...more: string[]) => [
  ...["login", "oidc", "--issuer", issuer, "--client-id", "cli"],
  ...more,
];

/** An issuer that gives a code, which nobody has entered yet. */
async function startPending(device: object = {}): Promise<Issuer> {
  const issuer = await startIssuer();
  const body = {
    device_code: "made-up-device-code-of-the-person",
    user_code: "WDJB-MJHT",
    verification_uri: `${issuer.url}/code`,
    expires_in: 60,
    interval: 1,
    ...device,
  };
  issuer.answers.set("/device", () => ({ body }));
  issuer.answers.set("/token", () => ({ status: 400, body: { error: "authorization_pending" } }));
  return issuer;
}

const asked = ({ requests }: Issuer) => requests.filter(({ line }) => line === "POST /token").length;

/** Every line fits the terminal's width, apart from what is there to be copied. */
function expectFitting({ screen }: TerminalSession): void {
  const copied = /^http\S+$|^ {2}ssh -N -L \S+ \S+$/;
  expect(screen.unfolded.filter((line) => line.length > NARROW.columns && !copied.test(line))).toEqual([]);
}

test("over SSH in 40 columns the code is shown, and all but the link fits", async () => {
  const server = await startCertified();
  const terminal = openTerminal(offlineHome(), login(server), NARROW);
  const [, link = ""] = await terminal.see(/^(http:\S+\/device\?user_code=\S+)$/m);
  await terminal.see(/left\s*$/);
  expect(terminal.text).toMatch(/enter this code: [A-Z]{4}-[A-Z]{4}/);
  terminal.type("?");
  await terminal.see(/shows the link as a QR code/);
  await terminal.see(/left\s*$/);
  expectFitting(terminal);
  await signInAt(new URL(link));
  const { code, before, after } = await terminal.end(20_000);
  expect([code, after]).toEqual([0, before]);
  expect(terminal.text).toContain("ada@login.example");
});

test("Ctrl-C while the code waits leaves nothing, and the server is asked no more", async () => {
  const issuer = await startPending();
  const home = offlineHome();
  const before = snapshot(home.meshery);
  const terminal = openTerminal(home, login({ issuer: issuer.url }, "--flow", "device"));
  await terminal.see(/enter this code: WDJB-MJHT/);
  await until(
    () => asked(issuer) > 0,
    10_000,
    () => "The server is not asked.",
  );
  terminal.type(KEY.interrupt);
  const ended = await terminal.end();
  expect([ended.code, ended.after]).toEqual([130, ended.before]);
  const count = asked(issuer);
  await pause(1_500);
  expect(asked(issuer)).toBe(count);
  expect(snapshot(home.meshery)).toEqual(before);
  expect(terminal.text).not.toContain("made-up-device-code");
});

test("slow_down is heeded, and a code that nobody enters ends when it said", async () => {
  const issuer = await startPending({ expires_in: 3 });
  issuer.answers.set("/token", () => ({ status: 400, body: { error: "slow_down" } }));
  const home = offlineHome();
  const terminal = openTerminal(home, login({ issuer: issuer.url }, "--flow", "device"));
  const { code, before, after } = await terminal.end(20_000);
  expect([code, after]).toEqual([4, before]);
  // The time that is left is the code's, and not the login's.
  expect(terminal.text).toMatch(/0:0\d left/);
  expect(terminal.text).not.toMatch(/[1-9]:\d\d left/);
  expect(terminal.text).toMatch(/Error: The code was not entered in time\.\s+Cause: .+\s+Next: {2}meshauth/);
  expect(asked(issuer)).toBe(1);
});

test("over SSH --port asks for the browser: a tunnel is named, and the last address may be pasted", async () => {
  const server = await startCertified();
  const port = await freePort();
  const args = login(server, "--port", `${port}`, "--prompt", "consent");
  const terminal = openTerminal(offlineHome(), args, NARROW);
  const [, link = ""] = await terminal.see(/^(http:\S+\/auth\?\S+)$/m);
  expect(new URL(link).searchParams.get("redirect_uri")).toBe(`http://127.0.0.1:${port}/callback`);
  await terminal.see(new RegExp(`ssh -N -L ${port}:localhost:${port} .*@192\\.0\\.2\\.10`));
  await terminal.silent();
  await terminal.see(/left\s*$/);
  expectFitting(terminal);
  const address = await signInAt(new URL(link), { stay: true });
  terminal.paste(`${address.replace(/state=[^&]+/, "state=another")}`);
  terminal.type(KEY.enter);
  await terminal.see(/not the address of this login|belongs to another/);
  terminal.paste(address);
  terminal.type(KEY.enter);
  const { code, before, after } = await terminal.end();
  expect([code, after]).toEqual([0, before]);
  expect(terminal.text).not.toContain(new URL(address).searchParams.get("code"));
  await freed(port);
});
