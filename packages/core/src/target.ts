import type { AuthStore } from "@meshauth/auth-store";
import type { MesheryServer } from "@meshauth/provider-api";
import { createFetch } from "./http/index.js";
import { type MeshContext, type Meshconfig, resolveMeshconfig } from "./meshconfig/index.js";
import { createMesheryServer } from "./meshery-server/index.js";
import type { Runtime, TargetFlags } from "./runtime.js";

/** What a command works on: the config, the context in force, its credential file and its server. */
export interface Target {
  readonly config: Meshconfig;
  readonly context: MeshContext | undefined;
  readonly store: AuthStore;
}

/** Finds the target by flags, environment and `config.yaml`, in that order. Reads only. */
export async function resolveTarget(runtime: Runtime, flags: TargetFlags): Promise<Target> {
  const { env, home, cwd, platform } = runtime;
  const config = await resolveMeshconfig({ env, home, cwd, platform, flags });
  const context = config.contexts.find(({ name }) => name === config.currentContext);
  return { config, context, store: openStore(runtime, credentialFile(config, context)) };
}
