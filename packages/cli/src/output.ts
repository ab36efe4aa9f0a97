import type { Secrets } from "@meshauth/core";

type Write = NodeJS.WriteStream["write"];
type Callback = (error?: Error | null) => void;

/**
 * The two output streams, guarded: standard output carries our data only, and no known secret leaves by
 * either of them, whoever prints it, except where a secret is what was asked for.
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

  /** Takes care of failing streams again: oclif adds a listener that throws, when its class of commands is loaded. */
  takeErrors(): void {
    this.#stdout.takeErrors();
    this.#stderr.takeErrors();
  }

  /** Data, for standard output. */
  data(text: string): void {
    this.#stdout.write(this.#secrets.redact(text));
  }

  /**
   * Data as it is, for standard output: not redacted. For commands whose purpose is to hand over a secret, or an
   * answer byte for byte. Await it before the next piece: that is how a slow reader slows the sender down.
   *
   * @returns whether more will be taken: `false` once the reader has gone away, or the stream has failed.
   */
  async secretData(data: Uint8Array | string): Promise<boolean> {
    return this.#stdout.push(data);
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
  readonly #stream: NodeJS.WriteStream;
  readonly #write: Write;
  #failure: NodeJS.ErrnoException | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#write = stream.write.bind(stream);
    this.takeErrors();
  }

  /** A listener that throws would end in the report of a failure that cannot be printed either. */
  takeErrors(): void {
    this.#stream.removeAllListeners("error").on("error", (error: NodeJS.ErrnoException) => {
      this.#failure ??= error;
    });
  }

  write(data: Uint8Array | string, done?: Callback): boolean {
    if (this.#failure === undefined) {
      try {
        return this.#write(data, done);
      } catch (error) {
        // Writes to a file or a device throw at once, others tell by an event.
        this.#failure = error as NodeJS.ErrnoException;
      }
    }
    if (done) queueMicrotask(done);
    return false;
  }

  /** Writes, waits until it has been handed to the system, and tells whether more can be written. */
  async push(data: Uint8Array | string): Promise<boolean> {
    await new Promise<void>((resolve) => {
      this.write(data, (error) => {
        // A stream tells the writer first and everyone else later.
        if (error) this.#failure ??= error;
        resolve();
      });
    });
    return this.#failure === undefined;
  }

  /** A reader that has gone away has read what it wanted: that is no failure. */
  async flush(): Promise<boolean> {
    return (await this.push("")) || this.#failure?.code === "EPIPE";
  }
}
