import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuthStore, type Details } from "@meshauth/auth-store";
import { onTestFinished } from "vitest";
import type { SystemFacts } from "../../src/system.js";

/** A home of its own for one test, removed afterwards. */
export class Home {
  readonly path: string;
  readonly meshery: string;
  readonly file: string;
  readonly dataDir: string;

  /** @param content - What `auth.json` holds; without it there is no Meshery folder either. */
  constructor(content?: string | Uint8Array) {
    this.path = realpathSync(mkdtempSync(join(tmpdir(), "auth-store-")));
    this.meshery = join(this.path, ".meshery");
    this.file = join(this.meshery, "auth.json");
    this.dataDir = join(this.path, "data");
    if (content !== undefined) {
      mkdirSync(this.meshery, 0o700);
      writeFileSync(this.file, content, { mode: 0o600 });
    }
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }));
  }

  store(system: Partial<SystemFacts> = {}, file: string = this.file): AuthStore {
    return new AuthStore({ file, dataDir: this.dataDir, system });
  }

  /** The names in the Meshery folder. */
  names(folder: string = this.meshery): string[] {
    return readdirSync(folder).sort();
  }

  /** The folder with what is kept about the credential. */
  get data(): string {
    return join(this.dataDir, "credentials", createHash("sha256").update(this.file).digest("hex"));
  }

  /** Everything under the home with type, mode, size, time and inode: equal lists mean that nothing was touched. */
  snapshot(): string[] {
    return readdirSync(this.path, { recursive: true, encoding: "utf8" })
      .sort()
      .map((name) => {
        const { mode, size, mtimeMs, ino } = lstatSync(join(this.path, name));
        return [name, mode.toString(8), size, mtimeMs, ino].join(" ");
      });
  }
}

/** The permission bits of a path, in octal. */
export function modeOf(path: string): string {
  return (lstatSync(path).mode & 0o7777).toString(8);
}

/** Members of a credential with a made-up token. */
export function members(token: string, serverName = "Layer5"): Map<string, string> {
  return new Map([
    ["meshery-provider", serverName],
    ["token", token],
  ]);
}

/** Made-up details, with what is `changed`. */
export function detailsOf(changed: Partial<Details> = {}): Details {
  return {
    provider: { id: "layer5", package: "@meshauth/provider-layer5", version: "0.1.0" },
    account: { id: "42", name: "Ada", email: "ada@example.org" },
    verified: true,
    savedAt: "2026-01-02T03:04:05.000Z",
    ...changed,
  };
}
