import type { InstalledProvider, Registry } from "./registry/index.js";
import type { Secrets } from "./secrets.js";
import type { Surroundings } from "./surroundings/index.js";
import type { Terminal } from "./terminal.js";

/** Everything outside that a use case works with. The program hands it in; tests hand in their own. */
export interface Runtime {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The user's home directory as the environment gives it; it may be missing. */
  readonly home: string | undefined;
  readonly cwd: string;
  /** The program's own folder, for what must not stand beside the credential. */
  readonly dataDir: string;
  /** `meshauth/<version>` with platform, for servers. */
  readonly userAgent: string;
  readonly registry: Registry;
  readonly terminal: Terminal;
  readonly secrets: Secrets;
  /** Aborted when the program is to end; the reason is a MeshauthError. */
  readonly signal: AbortSignal;
  now(): Date;
  /**
   * Says whether the code of a provider package may run. It is called right before the code is imported, and never
   * for a provider that comes with the program.
   *
   * @param options - `ask`: a person who has not been asked yet may be asked now.
   * @throws MeshauthError `MESHAUTH_E_CONSENT` when nobody has allowed it, `MESHAUTH_E_TAMPERED` when the package is
   *   not as it was installed; the signal's reason.
   */
  admit(provider: InstalledProvider, options?: { readonly ask?: boolean }): Promise<void>;
  /** Where the program runs. Found out when it is asked for the first time. */
  surroundings(): Promise<Surroundings>;
  /** Runs code of a provider package: what it prints, and how it may end the process, is put down to it. */
  runProvider<T>(packageName: string, run: () => Promise<T>): Promise<T>;
  debug(message: string): void;
}

/** Which file and server are meant: the flags that every command has. */
export interface TargetFlags {
  readonly config?: string;
  readonly context?: string;
  readonly server?: string;
}
