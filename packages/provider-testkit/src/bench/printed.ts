import type { ChildProcess } from "node:child_process";

const MOST = 64 * 1024;

/** How long the mark may be on its way, in milliseconds. */
const LATE_MS = 1_000;

/** What a child prints, on both streams, cut into tries at the marks that it prints itself. */
export class Printed {
  readonly #texts = ["", ""];
  #look: () => void = () => undefined;

  constructor({ stdout, stderr }: ChildProcess) {
    for (const [index, stream] of [stdout, stderr].entries()) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        // The end counts: the mark stands there.
        this.#texts[index] = `${this.#texts[index]}${text}`.slice(-MOST);
        this.#look();
      });
    }
  }

  /** What was printed up to the mark; all that there is once the child has ended. */
  async take(mark: string, ended: Promise<unknown>): Promise<string[]> {
    const complete = (): boolean => this.#texts.every((text) => text.includes(mark));
    if (!complete()) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#look = () => complete() && resolve();
        timer = setTimeout(resolve, LATE_MS);
        void ended.then(() => setImmediate(resolve));
      });
      clearTimeout(timer);
    }
    const taken = this.#texts.map((text) => text.split(mark)[0] ?? "");
    for (const [index, text] of this.#texts.entries()) this.#texts[index] = text.split(mark)[1] ?? "";
    return taken.filter((text) => text.trim() !== "");
  }
}
