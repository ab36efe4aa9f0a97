import { pathToFileURL } from "node:url";
import { isCompatible, type Provider } from "@meshauth/provider-api";
import { MeshauthError } from "../errors/error.js";
import { printable } from "../text.js";
import { isJsonObject } from "./json-file.js";
import type { InstalledProvider } from "./types.js";

interface ImportOptions {
  /** Ends the wait; the error is the signal's reason. */
  readonly signal: AbortSignal;
  /** Milliseconds that the module may take to load. */
  readonly timeout: number;
}

const METHODS = ["refresh", "revoke", "identify", "saved"] as const;

/**
 * Imports a provider's module: the only place where code of a provider package is loaded.
 *
 * The timer keeps the process alive, so that a module that waits for nothing ends in an error instead of
 * Node's exit 13. Work that never yields cannot be interrupted.
 *
 * @throws MeshauthError `MESHAUTH_E_PROVIDER_BROKEN` when the module fails, takes too long, or exports
 *   something else than its declaration says; the signal's reason when it is aborted.
 */
export async function importProvider(
  installed: InstalledProvider,
  options: ImportOptions,
): Promise<Provider> {
  options.signal.throwIfAborted();
  let exported: unknown;
  try {
    exported = defaultOf(await within(options, () => import(pathToFileURL(installed.modulePath).href)));
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    throw broken(installed, `Its module failed to load: ${describe(error)}`, error);
  }
  let fault: string | undefined;
  try {
    fault = faultOf(exported, installed);
  } catch (error) {
    throw broken(installed, `Its default export cannot be looked at: ${describe(error)}`, error);
  }
  if (fault !== undefined) throw broken(installed, fault);
  return exported as Provider;
}

/** An error for a provider that does not do what the contract says. */
function broken(installed: InstalledProvider, why: string, cause?: unknown): MeshauthError {
  const { package: name, version, entry, origin } = installed;
  return new MeshauthError("MESHAUTH_E_PROVIDER_BROKEN", {
    message: `The provider ${entry.id} (${name} ${version}) failed.`,
    why,
    next:
      origin === "built-in"
        ? ["npm install --global @meshauth/cli@latest"]
        : [...(origin === "user" ? ["meshauth plugins update"] : []), `meshauth plugins uninstall ${name}`],
    ...(cause === undefined ? {} : { cause }),
  });
}

async function within<T>({ signal, timeout }: ImportOptions, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${timeout / 1000} s`)), timeout);
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work(), limit]);
  } finally {
    clearTimeout(timer);
    if (stop) signal.removeEventListener("abort", stop);
  }
}

/** The default export; that of a CommonJS module compiled from an ES module is one level deeper. */
function defaultOf(namespace: unknown): unknown {
  const value = (namespace as { default?: unknown }).default;
  return isJsonObject(value) && value["__esModule"] === true ? value["default"] : value;
}

function faultOf(exported: unknown, { entry, api }: InstalledProvider): string | undefined {
  if (!isJsonObject(exported)) return "Its module has no object as its default export.";
  const { id, api: given } = exported;
  if (id !== entry.id) return `Its module says that its id is ${JSON.stringify(printable(String(id), 60))}.`;
  if (
    !isJsonObject(given) ||
    !Number.isSafeInteger(given["major"]) ||
    !Number.isSafeInteger(given["minor"])
  ) {
    return "Its module does not say which version of the provider contract it is for.";
  }
  const version = { major: given["major"] as number, minor: given["minor"] as number };
  if (version.major !== api.major || !isCompatible(version)) {
    return `Its module is for version ${version.major}.${version.minor} of the provider contract, its package.json says ${api.major}.${api.minor}.`;
  }
  if (typeof exported["login"] !== "function") return "Its module has no function login.";
  const other = METHODS.find((name) => exported[name] !== undefined && typeof exported[name] !== "function");
  return other === undefined ? undefined : `Its module's ${other} is not a function.`;
}

function describe(error: unknown): string {
  try {
    const message = error instanceof Error ? error.message || error.name : String(error);
    return printable(message.split("\n")[0] ?? "");
  } catch {
    return "it threw something that cannot be shown.";
  }
}
