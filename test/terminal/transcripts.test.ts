import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSigningKey, type Simulator, visitLogin } from "@meshauth/meshery-simulator";
import { expect, onTestFinished, test } from "vitest";
import { inContainer, noContainer } from "../support/container.js";
import { LINK } from "../support/login.js";
import { type Home, PROGRAM } from "../support/program.js";
import { simulatedHome } from "../support/simulated.js";
import { NO_SSH, remotely, type SshServer, startSshServer } from "../support/ssh.js";
import { KEY, openTerminal, type TerminalOptions, type TerminalSession } from "../support/terminal.js";
import { below, Steady, shell, shown } from "../support/transcript.js";

const signingKey = await createSigningKey();
const PAGE = fileURLToPath(new URL("../../docs/transcripts.md", import.meta.url));
const TOMAS = "tomas.okafor@example.org";

/** A terminal of the usual size, with what makes its words steady. */
class Stage {
  readonly home: Home;
  readonly simulator: Simulator;
  readonly #options: TerminalOptions;
  readonly #steady: Steady;

  constructor(home: Home, simulator: Simulator, options: TerminalOptions) {
    this.home = home;
    this.simulator = simulator;
    this.#options = { columns: 80, rows: 24, ...options };
    this.#steady = new Steady(home);
  }

  open(args: readonly string[], options: TerminalOptions = {}): TerminalSession {
    return openTerminal(this.home, args, { ...this.#options, ...options });
  }

  /** The same on an SSH server. */
  openOver(server: SshServer, args: readonly string[]): TerminalSession {
    this.#steady.meetSsh(server);
    return this.open(remotely(server, this.home, args), { command: server.client });
  }

  /** Waits until the wait is on the screen. */
  async waiting(terminal: TerminalSession, pattern = /Waiting for the sign-in/): Promise<string> {
    const [, link = ""] = await terminal.see(LINK);
    this.#steady.meet(link);
    await terminal.see(pattern);
    await terminal.see(/\d:\d\d left\s*$/);
    return link;
  }

  lines(lines: readonly string[]): string {
    return this.#steady.block(lines);
  }

  /** Runs a command to its end: the block of what was typed and printed. */
  async run(typed: string, exit: number, words = typed): Promise<{ block: string; text: string }> {
    const [command = "", redirect] = words.split(" < ");
    const terminal = this.open(command.split(" ").slice(1), { redirect: `<${redirect ?? "/dev/null"}` });
    expect((await terminal.end()).code, terminal.text).toBe(exit);
    const printed = this.lines(terminal.screen.unfolded);
    return { block: shell(this.lines([typed]), printed), text: terminal.screen.unfolded.join("\n") };
  }

  /** Puts a token into `token.txt`. */
  tokenFile(): void {
    writeFileSync(join(this.home.path, "token.txt"), this.simulator.cloud.issueToken());
  }
}

async function stage(env: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const { home, simulator } = await simulatedHome({ signingKey });
  return new Stage(home, simulator, { env });
}

/** A login from its start to its end: what stands there while it waits, and what is added then. */
async function login(
  on: Stage,
  terminal: TerminalSession,
  signIn: (link: string, waiting: string) => Promise<unknown>,
  pattern?: RegExp,
): Promise<{ wait: string; end: string }> {
  const link = await on.waiting(terminal, pattern);
  const during = terminal.screen.unfolded;
  await signIn(link, during.join("\n"));
  expect((await terminal.end()).code, terminal.text).toBe(0);
  return { wait: on.lines(during), end: on.lines(below(during, terminal.screen.unfolded)) };
}

const comeBack = (link: string): Promise<unknown> => visitLogin(link);

async function desktop(): Promise<string> {
  // As some desktops do; without it this machine's own display, or its absence, would decide.
  const on = await stage({ BROWSER: "true" });
  const { wait, end } = await login(on, on.open(["login", "layer5"]), comeBack, /browser should show/);
  return `## At a desktop

The browser opens by itself. The lowest two lines are drawn anew while the time runs.

${shell("meshauth login layer5", wait)}

When the browser has come back, they give way to:

${shown(end)}`;
}

async function overSsh(): Promise<string> {
  const args = ["login", "layer5"];
  if (NO_SSH) {
    const env = { SSH_CONNECTION: "203.0.113.7 50022 192.0.2.10 22", SSH_TTY: "/dev/pts/1" };
    const on = await stage(env);
    return sshText(await login(on, on.open(args), comeBack));
  }
  const server = await startSshServer();
  onTestFinished(() => server.close());
  const on = await stage();
  const shown = await login(on, on.openOver(server, args), async (link, waiting) => {
    const { callback = "" } = await visitLogin(link, { stay: true });
    const { after } = await server.elsewhere(TUNNEL.exec(waiting)?.[1] ?? "", callback);
    expect(after).toEqual([303, 200]);
  });
  return sshText(shown);
}

const TUNNEL = /^ {2}(ssh -N .+)$/m;

function sshText({ wait, end }: { readonly wait: string; readonly end: string }): string {
  const tunnel = TUNNEL.exec(wait)?.[1];
  return `## Over SSH

No browser is opened on the other machine. The screen has the command that makes its port reachable.

${shell("meshauth login layer5", wait)}

On your own machine you run that command, and open the link there:

${shell(`${tunnel}`, "")}

The last page then loads, and the login ends:

${shown(end)}

Without the command the last page does not load. Its address can be pasted instead, as in a container (below).`;
}

async function pipeline(): Promise<string> {
  const on = await stage({ CI: "true" });
  on.tokenFile();
  const refused = await on.run("meshauth login layer5", 10);
  const taken = await on.run("meshauth login layer5 --token-stdin < token.txt", 0);
  return `## In CI, and wherever there is no terminal

Nobody can be asked, so nothing waits. The exit code is 10, and the commands that would work are named.

${refused.block}

With a token from the pipeline's secrets:

${taken.block}`;
}

async function agent(): Promise<string> {
  const on = await stage();
  const started = await on.run("meshauth login layer5 --start --json", 0);
  const { link, complete } = JSON.parse(started.text) as { link: string; complete: string };
  const pending = await on.run(complete, 6);
  await visitLogin(link);
  const done = await on.run(complete, 0);
  return `## An agent, or a script, in two steps

The first command prints the link and the second command, and leaves. The agent shows the link to a person.

${started.block}

As long as nobody has signed in, the second command ends with exit code 6:

${pending.block}

And afterwards:

${done.block}`;
}

async function container(): Promise<string> {
  const on = await stage(noContainer ? { container: "docker" } : {});
  const command = noContainer
    ? {}
    : { command: [...inContainer(on.home.path), process.execPath, PROGRAM] as [string, ...string[]] };
  const terminal = on.open(["login", "layer5"], command);
  const { wait, end } = await login(on, terminal, async (link) => {
    const { callback = "" } = await visitLogin(link, { stay: true });
    await terminal.silent();
    terminal.paste(callback);
    terminal.type(KEY.enter);
  });
  return `## In a container

No browser is opened, and one outside usually does not reach the container's ports.

${shell("meshauth login layer5", wait)}

The link is opened in a browser outside. Its last page does not load; the address of that page is copied and pasted into
the terminal, which does not show it:

${shown(end)}`;
}

async function anotherAccount(): Promise<string> {
  const on = await stage({ BROWSER: "true" });
  on.tokenFile();
  await on.run("meshauth login layer5 --token-stdin < token.txt", 0);

  async function asked(): Promise<{ terminal: TerminalSession; before: string[] }> {
    const terminal = on.open(["login", "layer5"]);
    const link = await on.waiting(terminal, /browser should show/);
    const [above = ""] = terminal.screen.unfolded.filter((line) => line.startsWith("Your browser"));
    await visitLogin(link, { user: TOMAS });
    await terminal.see(/Replace it[\s\S]*● No/);
    await terminal.silent();
    const { unfolded } = terminal.screen;
    return { terminal, before: unfolded.slice(0, unfolded.indexOf(above) + 1) };
  }

  const kept = await asked();
  const question = on.lines(below(kept.before, kept.terminal.screen.unfolded));
  kept.terminal.type("n");
  expect((await kept.terminal.end()).code).toBe(130);
  const replaced = await asked();
  replaced.terminal.type("y");
  expect((await replaced.terminal.end()).code).toBe(0);
  return `## Another account is signed in

Mira is signed in, and Tomas signs in in the browser. Before anything is replaced, both are named:

${shown(question)}

No, which is also what Enter means, keeps Mira's login:

${shown(on.lines(below(kept.before, kept.terminal.screen.unfolded)))}

Yes replaces it:

${shown(on.lines(below(replaced.before, replaced.terminal.screen.unfolded)))}

Where nobody can be asked, \`--force\` is the yes. \`meshauth restore\` brings the old login back for 24 hours.`;
}

test("docs/transcripts.md shows what the program prints; node scripts/transcripts.mjs brings it up to date", async () => {
  const intro = `# What you see

Six situations, as \`meshauth\` shows them in a terminal of 80 columns. \`scripts/transcripts.mjs\` makes this page: it runs
the program against simulated servers. Folder, addresses, port, ticket, version and times are replaced by made-up ones, and
links are cut short (\`…\`). Lines that are longer than the terminal are shown whole.`;
  const firstHalf = await Promise.all([desktop(), overSsh(), pipeline()]);
  const secondHalf = await Promise.all([agent(), container(), anotherAccount()]);
  const page = `${[intro, ...firstHalf, ...secondHalf].join("\n\n")}\n`;
  expect(page).not.toMatch(/127\.0\.0\.1|meshauth-test-|undefined/);
  await expect(page).toMatchFileSnapshot(PAGE);
}, 60_000);
