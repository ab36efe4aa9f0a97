import type { Secrets } from "@meshauth/core";

type Write = NodeJS.WriteStream["write"];
type Callback = (error?: Error | null) => void;

/**
 * The two output streams, guarded: standard output carries our data only, and no known secret leaves by
 * either of them, whoever prints it.
 */
export class Output {
  readonly #secrets: Secrets;
  readonly #stdout: Write;
  readonly #stderr: Write;
  #diverted = false;

  /** Takes over the process's streams; everything printed from now on passes through the guard. */
  constructor(secrets: Secrets, { stdout, stderr }: Pick<NodeJS.Process, "stdout" | "stderr"> = process) {
    this.#secrets = secrets;
    this.#stdout = stdout.write.bind(stdout);
    this.#stderr = stderr.write.bind(stderr);
    stdout.write = this.#guard((text, done) => (this.#diverted ? this.#stderr : this.#stdout)(text, done));
    stderr.write = this.#guard((text, done) => this.#stderr(text, done));
  }

  /** From now on, what others print to standard output goes to standard error. */
  divert(): void {
    this.#diverted = true;
  }

  /** Data, for standard output. */
  data(text: string): void {
    this.#stdout(this.#secrets.redact(text));
  }

  /** A line for people, on standard error. */
  line(text: string): void {
    this.#stderr(`${this.#secrets.redact(text)}\n`);
  }

  /** Resolves when everything printed so far has been handed to the system. */
  async flush(): Promise<void> {
    await Promise.all(
      [this.#stdout, this.#stderr].map((write) => new Promise<void>((resolve) => write("", () => resolve()))),
    );
  }

  #guard(forward: (text: string, done?: Callback) => boolean): Write {
    return ((
      chunk: Uint8Array | string,
      encoding?: BufferEncoding | Callback,
      callback?: Callback,
    ): boolean => {
      const done = typeof encoding === "function" ? encoding : callback;
      const text =
        typeof chunk === "string"
          ? Buffer.from(chunk, typeof encoding === "string" ? encoding : "utf8").toString()
          : Buffer.from(chunk).toString();
      return forward(this.#secrets.redact(text), done);
    }) as Write;
  }
}
