import type { Secrets } from "@meshauth/core";

type Write = NodeJS.WriteStream["write"];
type Callback = (error?: Error | null) => void;

/**
 * The two output streams, guarded: standard output carries our data only, and no known secret leaves by
 * either of them, whoever prints it.
 */
export class Output {
  readonly #secrets: Secrets;
  readonly #stdout: Sink;
  readonly #stderr: Sink;
  #diverted = false;

  /** Takes over the process's streams; everything printed from now on passes through the guard. */
  constructor(secrets: Secrets, { stdout, stderr }: Pick<NodeJS.Process, "stdout" | "stderr"> = process) {
    this.#secrets = secrets;
    this.#stdout = new Sink(stdout);
    this.#stderr = new Sink(stderr);
    stdout.write = this.#guard(() => (this.#diverted ? this.#stderr : this.#stdout));
    stderr.write = this.#guard(() => this.#stderr);
  }

  /** From now on, what others print to standard output goes to standard error. */
  divert(): void {
    this.#diverted = true;
  }

  /** Data, for standard output. */
  data(text: string): void {
    this.#stdout.write(this.#secrets.redact(text));
  }

  /** A line for people, on standard error. */
  line(text: string): void {
    this.#stderr.write(`${this.#secrets.redact(text)}\n`);
  }

  /** Resolves when everything printed so far has been handed to the system, and tells whether it was taken. */
  async flush(): Promise<boolean> {
    return (await this.#stdout.flush()) && (await this.#stderr.flush());
  }

  #guard(sink: () => Sink): Write {
    return ((
      chunk: Uint8Array | string,
      encoding?: BufferEncoding | Callback,
      callback?: Callback,
    ): boolean => {
      const done = typeof encoding === "function" ? encoding : callback;
      const bytes =
        typeof chunk === "string" && typeof encoding === "string"
          ? Buffer.from(chunk, encoding)
          : Buffer.from(chunk);
      return sink().write(this.#secrets.redact(bytes.toString()), done);
    }) as Write;
  }
}

/** A stream that stops being written to once it fails. */
class Sink {
  readonly #write: Write;
  #failure: NodeJS.ErrnoException | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#write = stream.write.bind(stream);
    // oclif's own listener throws, which would end in the report of a failure that cannot be printed either.
    stream.removeAllListeners("error").on("error", (error: NodeJS.ErrnoException) => {
      this.#failure ??= error;
    });
  }

  write(text: string, done?: Callback): boolean {
    if (this.#failure === undefined) {
      try {
        return this.#write(text, done);
      } catch (error) {
        // Writes to a file or a device throw at once, others tell by an event.
        this.#failure = error as NodeJS.ErrnoException;
      }
    }
    if (done) queueMicrotask(done);
    return false;
  }

  /** A reader that has gone away has read what it wanted: that is no failure. */
  async flush(): Promise<boolean> {
    await new Promise<void>((resolve) => this.write("", () => resolve()));
    return this.#failure === undefined || this.#failure.code === "EPIPE";
  }
}
