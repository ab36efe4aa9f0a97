import type { Host, Provider } from "@meshauth/provider-api";
import { beforeAbort } from "./before-abort.js";
import type { Told } from "./entry.js";
import { isProviderFailure, MeshauthError, toMeshauthError } from "./errors/error.js";
import { createHost } from "./host/host.js";
import type { BrowserFlags } from "./host/options.js";
import { createFetch } from "./http/index.js";
import { commandWith, withoutFlag } from "./login/command-for.js";
import { type InstalledProvider, importProvider } from "./registry/index.js";
import type { Runtime } from "./runtime.js";
import { openServer } from "./target.js";
import { withTimeLimit } from "./time-limit.js";

/** How long a provider's module may take to load. */
const IMPORT_LIMIT_MS = 10_000;

/** How long each further call may take once the provider has done its part: what is left of the time, within these. */
const FURTHER_LIMITS_MS = { least: 5_000, most: 15_000 };

export interface ProviderSessionOptions {
  readonly installed: InstalledProvider;
  /** The Meshery Server's address. */
  readonly server: string;
  /** Milliseconds for everything that the provider does. */
  readonly timeout: number;
  readonly browser?: BrowserFlags;
  /** What a login was told; default: nothing. */
  readonly told?: Told;
  /** What to do when the time is up; default: log in with more time. */
  readonly next?: readonly string[];
  /** What was typed behind the name of the program, which the default of `next` keeps. */
  readonly words?: readonly string[];
}

/** A provider's code at work, under a time limit, with the host that it was handed. */
export interface ProviderSession {
  readonly host: Host;
  /** What the provider warned of. */
  readonly warnings: readonly string[];
  /**
   * How far the clock of the last host that answered is ahead of this machine's, in milliseconds; the provider's
   * before the Meshery Server's. `undefined` when none has told its time.
   */
  clockSkew(): number | undefined;
  /**
   * Imports the provider when first needed, if that is allowed, and runs one of its functions until it ends, the time is up or
   * the program is to end.
   *
   * @throws MeshauthError; an error that is neither the provider's own nor ours is a defect of the provider.
   */
  call<T>(run: (provider: Provider, host: Host) => Promise<T>): Promise<T>;
  /** The provider has done its part: what follows is not cut off by the time limit, but has a short one for each call. */
  stopClock(): void;
  /** Ends the time limit and closes what the host has open. */
  close(options: { immediate: boolean }): Promise<void>;
}

/** Opens a session; no code of the provider runs before the first call. */
export function openProvider(runtime: Runtime, options: ProviderSessionOptions): ProviderSession {
  const { installed } = options;
  const deadline = performance.now() + options.timeout;
  const limit = new AbortController();
  const { words = ["login", installed.entry.id], next = [withMoreTime(words)] } = options;
  const timeUp = (): void => limit.abort(new MeshauthError("MESHAUTH_E_TIMEOUT", { next }));
  const timer = setTimeout(timeUp, options.timeout);
  let stopped = false;
  const signal = AbortSignal.any([runtime.signal, limit.signal]);
  const { env, userAgent, debug, secrets, now } = runtime;
  const server = openServer(runtime, options.server, signal);
  let skew: number | undefined;
  const open = createHost(runtime, {
    installed,
    server,
    fetch: createFetch({
      env,
      userAgent,
      debug,
      signal,
      now,
      onSecret: (value) => secrets.add(value),
      onClock: (found) => {
        skew = found;
      },
    }),
    browser: options.browser ?? {},
    told: options.told ?? {},
    signal,
    timeLeft: () => deadline - performance.now(),
  });
  let admitted: Promise<void> | undefined;
  let provider: Promise<Provider> | undefined;
  const furtherLimit = (): number =>
    Math.min(Math.max(deadline - performance.now(), FURTHER_LIMITS_MS.least), FURTHER_LIMITS_MS.most);

  return {
    host: open.host,
    warnings: open.warnings,
    clockSkew: () => skew ?? server.clockSkew(),
    async call(run) {
      admitted ??= admit(runtime, installed);
      const permission = admitted;
      await beforeAbort(signal, () => permission);
      return await runtime.runProvider(installed.package, async () => {
        try {
          provider ??= importProvider(installed, { signal, timeout: IMPORT_LIMIT_MS });
          const importing = provider;
          const task = async () => run(await importing, open.host);
          if (stopped) return await withTimeLimit(signal, furtherLimit(), (end) => beforeAbort(end, task));
          const result = await beforeAbort(signal, task);
          // Code that blocks keeps the clock from striking, but not from running.
          if (performance.now() > deadline) timeUp();
          signal.throwIfAborted();
          return result;
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof MeshauthError || isProviderFailure(error)) throw toMeshauthError(error);
          throw new MeshauthError("MESHAUTH_E_PROVIDER_BROKEN", {
            message: `The code of ${installed.package} failed.`,
            cause: error,
          });
        }
      });
    },
    stopClock() {
      clearTimeout(timer);
      stopped = true;
    },
    async close(close) {
      clearTimeout(timer);
      await open.close(close);
    },
  };
}

/** What comes with the program needs nobody's leave. @throws MeshauthError as `Runtime.admit` */
export async function admit(
  runtime: Pick<Runtime, "admit">,
  installed: InstalledProvider,
  options?: { readonly ask?: boolean },
): Promise<void> {
  if (installed.origin !== "built-in") await runtime.admit(installed, options);
}

/** The command that was typed, with more time. */
function withMoreTime(words: readonly string[]): string {
  return commandWith(withoutFlag(words, "--timeout"), "--timeout", "15m");
}
