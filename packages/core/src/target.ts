import { AuthStore } from "@meshauth/auth-store";
import {
  inspectMeshconfig,
  type MeshContext,
  type Meshconfig,
  type MeshconfigInput,
  resolveMeshconfig,
} from "./meshconfig/index.js";
import { createMesheryServer, type MesheryServerClient } from "./meshery-server/index.js";
import type { Runtime, TargetFlags } from "./runtime.js";
import { printable } from "./text.js";

/** What a command works on: the config, the context in force, and the credential file. */
export interface Target {
  readonly config: Meshconfig;
  /** Absent when there is no config file, or it names no current context. */
  readonly context: MeshContext | undefined;
  readonly store: AuthStore;
}

/**
 * Finds the target by flags, environment and `config.yaml`, in that order. Reads only.
 *
 * @throws MeshauthError when the config, the context or the server's address cannot be used.
 */
export async function resolveTarget(runtime: Runtime, flags: TargetFlags): Promise<Target> {
  return toTarget(runtime, await resolveMeshconfig(inputOf(runtime, flags)));
}

/** The same for whoever looks for what is wrong: that is among the config's problems. */
export async function inspectTarget(runtime: Runtime, flags: TargetFlags): Promise<Target> {
  return toTarget(runtime, await inspectMeshconfig(inputOf(runtime, flags)));
}

function inputOf({ env, home, cwd, platform }: Runtime, flags: TargetFlags): MeshconfigInput {
  return { env, home, cwd, platform, flags };
}

function toTarget(runtime: Runtime, config: Meshconfig): Target {
  const context = config.contexts.find(({ name }) => name === config.currentContext);
  return { config, context, store: openStore(runtime, config.credentialFile) };
}

/** The Meshery Server of a target. */
export function openServer(
  runtime: Runtime,
  url: string,
  signal: AbortSignal = runtime.signal,
): MesheryServerClient {
  const { env, userAgent, debug, now, secrets } = runtime;
  return createMesheryServer({
    url,
    env,
    userAgent,
    debug,
    now,
    signal,
    onSecret: (value) => secrets.add(value),
  });
}

export function openStore(runtime: Runtime, file: string): AuthStore {
  return new AuthStore({ file, dataDir: runtime.dataDir });
}

/** What a person should know of a location that mesheryctl resolves in two ways. */
export function disagreement(context: MeshContext | undefined): string[] {
  if (!context?.location.disagrees) return [];
  const { raw, readerFile, writerFile } = context.location;
  return [`For the location ${printable(raw)} mesheryctl reads ${readerFile} but writes ${writerFile}.`];
}
