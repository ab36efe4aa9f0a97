import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Home } from "./folder.js";

const worker = fileURLToPath(new URL("./worker.mjs", import.meta.url));

/** What a worker answered. */
export interface Answer {
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly why?: string;
  readonly next?: string[];
  readonly state?: string;
  readonly warnings?: string[];
  readonly changed?: boolean;
  readonly decided?: boolean;
  readonly durable?: boolean;
  readonly damagedCopy?: string;
}

export interface StartOptions {
  /** The user to run as; only root may say. */
  readonly uid?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** A program with arguments that is to start node. */
  readonly under?: readonly string[];
}

/** A worker process. */
export class Worker {
  readonly child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #output = "";

  constructor(home: Home, request: object, { uid, env = {}, under = [] }: StartOptions = {}) {
    const work = JSON.stringify({ file: home.file, dataDir: home.dataDir, ...request });
    const [program = process.execPath, ...rest] = [...under, process.execPath, worker, work];
    this.child = spawn(program, rest, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], ...env },
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    this.#closed = once(this.child, "close");
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
    onTestFinished(() => {
      this.child.kill("SIGKILL");
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** All that it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Waits until it has printed `text`. */
  async says(text: string): Promise<void> {
    while (!this.#output.includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`the worker ended: ${this.#output}`);
      await Promise.race([once(this.child.stdout as NodeJS.ReadableStream, "data"), this.#closed]);
    }
  }

  /** Waits for the end. */
  async ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    await this.#closed;
    return { code: this.child.exitCode, signal: this.child.signalCode };
  }

  /** Waits for the end, and gives the last line that it printed. */
  async answer(): Promise<Answer> {
    await this.ended();
    const line = this.#output.trimEnd().split("\n").at(-1) ?? "";
    try {
      return JSON.parse(line) as Answer;
    } catch {
      throw new Error(`the worker answered: ${this.#output}`);
    }
  }
}
