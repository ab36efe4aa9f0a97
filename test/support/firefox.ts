import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REBOUND } from "./browser.js";
import { until, within } from "./wait.js";

const EXECUTABLE = "/usr/bin/firefox-esr";

/** Why there is no Firefox to test with; undefined when there is one. */
export const NO_FIREFOX: string | undefined = existsSync(EXECUTABLE)
  ? undefined
  : `skipped: there is no ${EXECUTABLE}`;

const PREFERENCES = {
  "app.update.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "marionette.port": 0,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.dns.localDomains": REBOUND,
  "toolkit.telemetry.enabled": false,
};

/**
 * The system's own Firefox without a window, with a fresh profile, driven over Marionette: the protocol that
 * geckodriver speaks to it, with the commands of W3C WebDriver. Playwright needs a Firefox of its own.
 */
export class Firefox {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: Socket;
  readonly #answers = new Map<number, (answer: readonly [unknown, unknown]) => void>();
  #last = 0;
  #rest = Buffer.alloc(0);

  private constructor(process: ChildProcess, profile: string, socket: Socket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket.on("data", (chunk) => this.#read(chunk)).on("error", () => undefined);
  }

  static async launch(): Promise<Firefox> {
    const profile = mkdtempSync(join(tmpdir(), "meshauth-firefox-"));
    const lines = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
    );
    writeFileSync(join(profile, "user.js"), lines.join(""));
    const words = ["--headless", "--marionette", "--no-remote", "--profile", profile];
    const firefox = spawn(EXECUTABLE, words, { stdio: "ignore" });
    const file = join(profile, "MarionetteActivePort");
    await until(
      () => existsSync(file) && readFileSync(file, "utf8").trim() !== "",
      30_000,
      () => "Firefox does not start.",
    );
    const socket = connect(Number(readFileSync(file, "utf8")), "127.0.0.1");
    await once(socket, "connect");
    const opened = new Firefox(firefox, profile, socket);
    await opened.send("WebDriver:NewSession", { capabilities: {} });
    await opened.send("WebDriver:SetTimeouts", { pageLoad: 15_000, script: 15_000, implicit: 5_000 });
    return opened;
  }

  /** Opens an address, as if it was typed. Fails when the page cannot be loaded. */
  async go(url: string): Promise<void> {
    await this.send("WebDriver:Navigate", { url });
  }

  async url(): Promise<string> {
    const { value } = (await this.send("WebDriver:GetCurrentURL")) as { value: string };
    return value;
  }

  /** Waits until the tab is at the address. */
  at(url: string): Promise<void> {
    return until(
      async () => (await this.url()) === url,
      15_000,
      () => `It does not come to ${url}.`,
    );
  }

  /** Clicks on the element that an XPath finds. */
  async click(xpath: string): Promise<void> {
    const found = (await this.send("WebDriver:FindElement", { using: "xpath", value: xpath })) as {
      value: Readonly<Record<string, string>>;
    };
    await this.send("WebDriver:ElementClick", { id: Object.values(found.value)[0] });
  }

  /** Runs a script in the page. One that is asynchronous calls `arguments[0]` with its result. */
  async run(script: string, { later = false } = {}): Promise<unknown> {
    const name = later ? "WebDriver:ExecuteAsyncScript" : "WebDriver:ExecuteScript";
    return ((await this.send(name, { script, args: [] })) as { value: unknown }).value;
  }

  /** Opens another tab and goes on there. */
  async newTab(): Promise<string> {
    const { handle } = (await this.send("WebDriver:NewWindow", { type: "tab" })) as { handle: string };
    await this.switchTo(handle);
    return handle;
  }

  async switchTo(handle: string): Promise<void> {
    await this.send("WebDriver:SwitchToWindow", { handle });
  }

  /** Sends a command. @throws what Firefox says against it. */
  async send(name: string, parameters: object = {}): Promise<unknown> {
    this.#last += 1;
    const id = this.#last;
    const answer = new Promise<readonly [unknown, unknown]>((resolve) => void this.#answers.set(id, resolve));
    const text = JSON.stringify([0, id, name, parameters]);
    this.#socket.write(`${Buffer.byteLength(text)}:${text}`);
    const [error, result] = await within(answer, 20_000, () => `No answer to ${name}.`);
    if (error !== null) throw new Error(`${name}: ${JSON.stringify(error).slice(0, 300)}`);
    return result;
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    if (this.#process.exitCode === null) {
      const ended = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await ended;
    }
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  /** A message is its length in bytes, a colon and JSON. */
  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const colon = this.#rest.indexOf(":");
      const end = colon + 1 + Number(this.#rest.subarray(0, Math.max(0, colon)).toString());
      if (colon < 0 || this.#rest.length < end) return;
      const message: unknown = JSON.parse(this.#rest.subarray(colon + 1, end).toString());
      this.#rest = this.#rest.subarray(end);
      // The first one is a greeting.
      if (Array.isArray(message)) this.#answers.get(Number(message[1]))?.([message[2], message[3]]);
    }
  }
}
