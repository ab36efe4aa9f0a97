import type { CredentialState } from "@meshauth/auth-store";
import type { LoginRequest } from "@meshauth/provider-api";
import { toMeshauthError } from "../errors/error.js";
import { addTokenEntry, giveOwnToken, type OwnTokenPlan } from "../meshconfig/index.js";
import type { ProviderSession } from "../provider-session.js";
import type { Runtime } from "../runtime.js";
import { disagreement, type Target } from "../target.js";
import { printable } from "../text.js";
import type { Destination } from "./destination.js";

/** What a file may suffer from that is gone, and of no consequence, when it has been replaced. */
const MENDED: ReadonlySet<string> = new Set(["bom", "duplicate-key", "ignored-key", "hard-link"]);

/** A login that has been written. */
export interface Written {
  readonly target: Target;
  readonly request: LoginRequest;
  readonly destination: Destination;
  /** The real path of the file that was written: another one where the person named it. */
  readonly file: string;
}

/**
 * Does what is left to do once the credential is stored: the provider is told, and so is `config.yaml`. A failure
 * here is a warning: the login stands.
 *
 * @returns The warnings.
 */
export async function settle(
  runtime: Runtime,
  session: ProviderSession,
  { target, request, destination, file }: Written,
): Promise<string[]> {
  const { config, context } = target;
  const told = await attempt(() => session.call(async (provider, host) => provider.saved?.(request, host)));
  const { own, store } = destination;
  if (own === undefined) {
    const added = await attempt(async () =>
      context ? addTokenEntry(config, context, runtime.signal) : undefined,
    );
    return [...disagreement(context), ...told, ...added];
  }
  // What a person named in its place has nothing to do with the config.
  const ownFile = await store.realFile().catch(() => undefined);
  return file === ownFile ? [...told, ...(await giveOwn(runtime, own))] : told;
}

async function giveOwn(runtime: Runtime, own: OwnTokenPlan): Promise<string[]> {
  try {
    const name = await giveOwnToken(own, runtime.signal);
    const [context, token] = [own.context, name].map((text) => printable(text, 60));
    runtime.terminal.notify({
      kind: "plain",
      message: `config.yaml: the context "${context}" now has the token entry "${token}", with the file ${own.location}.`,
    });
    return [];
  } catch (error) {
    const { message, why } = toMeshauthError(error);
    return [`The login is saved, but no Meshery tool finds it yet. ${message} ${why} ${own.byHand}`];
  }
}

async function attempt(task: () => Promise<unknown>): Promise<string[]> {
  try {
    await task();
    return [];
  } catch (error) {
    const { message, why } = toMeshauthError(error);
    return [`${message} ${why}`];
  }
}

/** What the warnings about the old file mean once there is a new one. */
export function warningsOfOld(old: CredentialState): string[] {
  const hadToken = old.state === "present" && Boolean(old.token);
  return old.warnings.flatMap(({ code, message }) => {
    if (MENDED.has(code)) return [];
    if (code !== "mode") return [message];
    return hadToken
      ? ["The file was open to other users until now: they may know the token that it held."]
      : [];
  });
}
