import { join } from "node:path";
import { AuthStore } from "@meshauth/auth-store";
import { type MeshContext, type Meshconfig, resolveMeshconfig } from "./meshconfig/index.js";
import { createMesheryServer, type MesheryServerClient } from "./meshery-server/index.js";
import type { Runtime, TargetFlags } from "./runtime.js";

/** What a command works on: the config, the context in force, and the credential file. */
export interface Target {
  readonly config: Meshconfig;
  /** Absent when there is no config file, or it names no current context. */
  readonly context: MeshContext | undefined;
  readonly store: AuthStore;
}

/** Finds the target by flags, environment and `config.yaml`, in that order. Reads only. */
export async function resolveTarget(runtime: Runtime, flags: TargetFlags): Promise<Target> {
  const { env, home, cwd, platform } = runtime;
  const config = await resolveMeshconfig({ env, home, cwd, platform, flags });
  const context = config.contexts.find(({ name }) => name === config.currentContext);
  const file = context?.credentialFile ?? join(config.folder, "auth.json");
  return { config, context, store: openStore(runtime, file) };
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
  return new AuthStore({ file, dataDir: runtime.dirs.data });
}
