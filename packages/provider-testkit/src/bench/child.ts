import { type ChildProcess, fork } from "node:child_process";
import type { InstalledProvider } from "@meshauth/core";
import { type Breach, endMark, type Plan, type RunRecord, type ToChild, type ToParent } from "../protocol.js";
import { environment } from "./environment.js";
import { childModule } from "./own-package.js";
import { Printed } from "./printed.js";
import { resolvable } from "./resolvable.js";

/** How a child is started. */
export interface ChildOptions {
  readonly installed: InstalledProvider;
  /** The pretended user's folder: its `HOME`, and where it works. */
  readonly home: string;
  /** Milliseconds for one try. */
  readonly limit: number;
}

/** What the child tells while a try is under way. */
export interface Listener {
  onLink(message: Extract<ToParent, { type: "link" }>): void;
}

const EMPTY: Omit<RunRecord, "outcome"> = {
  waits: [],
  fetches: [],
  origins: [],
  said: [],
  secrets: [],
  optionsRead: [],
  breaches: [],
  decisions: [],
  unanswered: [],
};

/**
 * A process in which the provider's code runs. It can be killed: a provider that blocks, or ends the process, ends
 * its own try and nothing else.
 */
export class Child {
  readonly #process: ChildProcess;
  readonly #printed: Printed;
  readonly #limit: number;
  readonly #ended: Promise<string>;
  readonly #ready: Promise<unknown>;
  #id = 0;
  #alive = true;
  #onMessage: ((message: ToParent) => void) | undefined;
  #pasted: ((refused: string | null) => void) | undefined;

  constructor({ installed, home, limit }: ChildOptions) {
    this.#limit = limit;
    this.#process = fork(childModule(), [], {
      cwd: home,
      env: environment(home),
      execArgv: ["--no-warnings"],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#printed = new Printed(this.#process);
    this.#ended = new Promise((resolve) => {
      this.#process.once("error", (error) => resolve(error.message));
      this.#process.once("close", (code, signal) =>
        resolve(signal ? `signal ${signal}` : `exit code ${code}`),
      );
    });
    void this.#ended.then(() => {
      this.#alive = false;
    });
    const ready = resolvable<void>();
    this.#ready = Promise.race([ready.promise, this.#ended]);
    this.#process.on("message", (message) => {
      if ((message as ToParent).type === "ready") ready.resolve();
      else this.#onMessage?.(message as ToParent);
    });
    this.#send({ type: "start", installed });
  }

  /** Whether it could take another try. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Whether no try has been made in it yet. */
  get fresh(): boolean {
    return this.#id === 0;
  }

  /** Makes one try. */
  async run(plan: Plan, listener: Listener): Promise<RunRecord> {
    this.#id += 1;
    const id = this.#id;
    const { promise, resolve } = resolvable<RunRecord>();
    this.#onMessage = (message) => {
      if (message.type === "record" && message.id === id) resolve(message.record);
      else if (message.type === "link") listener.onLink(message);
      else if (message.type === "pasted") this.#pasted?.(message.refused);
    };
    // The time that node takes to start is not the provider's.
    await this.#ready;
    const timer = setTimeout(() => {
      resolve({ ...EMPTY, outcome: { kind: "hung", milliseconds: this.#limit } });
      this.kill();
    }, this.#limit);
    void this.#ended.then((how) => resolve({ ...EMPTY, outcome: { kind: "exited", how } }));
    this.#send({ type: "run", id, plan });
    const record = await promise;
    clearTimeout(timer);
    const prints = await this.#printed.take(endMark(id), this.#ended);
    return { ...record, breaches: [...record.breaches, ...prints.map(printing)] };
  }

  /** Pastes a text into the wait for the browser. @returns Why it was refused; null when it was taken. */
  paste(text: string): Promise<string | null> {
    const { promise, resolve } = resolvable<string | null>();
    this.#pasted = resolve;
    void this.#ended.then(() => resolve("The process has ended."));
    this.#send({ type: "paste", text });
    return promise;
  }

  /** Tells that the browser has brought back nothing that was taken, and will not come again. */
  browserLeft(): void {
    this.#send({ type: "browser-left" });
  }

  kill(): void {
    this.#alive = false;
    this.#process.kill("SIGKILL");
  }

  async close(): Promise<void> {
    this.kill();
    await this.#ended;
  }

  #send(message: ToChild): void {
    // A child that has gone is found out by its end.
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }
}

function printing(text: string): Breach {
  return { kind: "prints", what: `printed ${JSON.stringify(text.slice(0, 80))}` };
}
