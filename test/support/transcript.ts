import { callbackOf } from "./login.js";
import type { Home } from "./program.js";
import type { SshServer } from "./ssh.js";

/** A link to a sign-in page of a simulated cloud. */
const LINKS = /http:\/\/127\.0\.0\.1:\d+(\/login\?\S+?&source=\w{12})[\w-]*/g;

/** What stands in a transcript in the place of what differs from run to run. */
const STEADY = {
  home: "/home/mira",
  cloud: "https://cloud.example.com",
  server: "http://localhost:9081",
  port: "38677",
  version: "1.0.0",
} as const;

/** Makes what was printed the same on every machine and every day. */
export class Steady {
  readonly #home: Home;
  readonly #ports = new Set<string>();
  /** What is shown for other words. */
  readonly #others = new Map<string, string>();

  constructor(home: Home) {
    this.#home = home;
  }

  /** Tells of a link, so that the local port in it can be found elsewhere, too. */
  meet(link: string): void {
    this.#ports.add(callbackOf(link).port);
  }

  /** Tells of an SSH server of this machine, and how a command for it is told. */
  meetSsh({ user, port }: Pick<SshServer, "user" | "port">): void {
    this.#others.set(`-p ${port} ${user}@127.0.0.1`, `${user}@192.0.2.10`);
  }

  /** The lines as they are shown, without blank ones at either end. */
  block(lines: readonly string[]): string {
    const server = this.#home.env["MESHERY_SERVER_URL"] ?? "";
    let text = lines.join("\n").replace(/^\n+|\s+$/g, "");
    text = text.replace(LINKS, `${STEADY.cloud}$1…`).replaceAll(server, STEADY.server);
    // What is left on loopback is the cloud.
    text = text.replace(/http:\/\/127\.0\.0\.1:\d+/g, STEADY.cloud);
    for (const port of this.#ports) text = text.replace(new RegExp(`\\b${port}\\b`, "g"), STEADY.port);
    for (const [words, instead] of this.#others) text = text.replaceAll(words, instead);
    return text
      .replaceAll(this.#home.path, STEADY.home)
      .replace(/\S+(?=@192\.0\.2\.10\b)/g, "mira")
      .replace(/\b[0-9a-z]{6}-[\w-]{32}(?![\w-])/g, "tj4x9k-7Jc2vWmBq0Lr5TzXn8GdYh3PfKs6AeUo")
      .replace(/"version":"[^"]*"/g, `"version":"${STEADY.version}"`)
      .replace(/\b\d{4}-\d\d-\d\d(?=[T ]\d\d:\d\d)/g, "2030-01-15")
      .replace(/(?<=\b2030-01-15[T ])\d\d:\d\d(:\d\d)?(\.\d+)?/g, (_, seconds, fraction) =>
        ["10:30", seconds && ":00", fraction && ".000"].filter(Boolean).join(""),
      )
      .replace(/\b\d:\d\d(?= left\b|\.")/g, "4:58");
  }
}

/** A console block. `typed` stands behind the shell's prompt. */
export function shell(typed: string, printed: string): string {
  return `\`\`\`console\n$ ${typed}\n${printed}${printed === "" ? "" : "\n"}\`\`\``;
}

/** A block of what the terminal shows. */
export function shown(printed: string): string {
  return `\`\`\`text\n${printed}\n\`\`\``;
}

/** What `later` has below what it has in common with `earlier`. */
export function below(earlier: readonly string[], later: readonly string[]): string[] {
  const first = later.findIndex((line, index) => line !== earlier[index]);
  return first < 0 ? [] : later.slice(first);
}
