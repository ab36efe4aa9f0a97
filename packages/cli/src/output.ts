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
  /** What could not be printed, if anything. */
  #failure: NodeJS.ErrnoException | undefined;

  /** Takes over the process's streams; everything printed from now on passes through the guard. */
  constructor(secrets: Secrets, { stdout, stderr }: Pick<NodeJS.Process, "stdout" | "stderr"> = process) {
    this.#secrets = secrets;
    this.#stdout = this.#safely(stdout);
    this.#stderr = this.#safely(stderr);
    for (const stream of [stdout, stderr]) {
      // oclif's own listener throws, which would end in the report of a failure that cannot be printed either.
      stream.removeAllListeners("error").on("error", (error: NodeJS.ErrnoException) => {
        this.#failure ??= error;
      });
    }
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

  /**
   * Resolves when everything printed so far has been handed to the system, and tells whether it was taken.
   * A reader that has gone away has read what it wanted.
   */
  async flush(): Promise<boolean> {
    for (const write of [this.#stdout, this.#stderr]) {
      await new Promise<void>((resolve) => {
        write("", () => resolve());
        if (this.#failure !== undefined) resolve();
      });
    }
    return this.#failure === undefined || this.#failure.code === "EPIPE";
  }

  /** Writes to a file or a device throw at once when they fail, others tell by an event. */
  #safely(stream: NodeJS.WriteStream): Write {
    const write = stream.write.bind(stream);
    return ((text: string, done?: Callback): boolean => {
      try {
        return this.#failure === undefined && write(text, done);
      } catch (error) {
        this.#failure = error as NodeJS.ErrnoException;
        return false;
      }
    }) as Write;
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
