import { AuthStore } from "@meshauth/auth-store";
import { type Located, locate, located } from "./locate.js";
import { inspectMeshconfig } from "./meshconfig/index.js";
import { createMesheryServer, type MesheryServerClient } from "./meshery-server/index.js";
import type { Runtime, TargetFlags } from "./runtime.js";

export { disagreement } from "./locate.js";

/** What a command works on, where it may write. */
export type Target = Located<AuthStore>;

/** Finds the target. Reads only. @throws MeshauthError as {@link locate} does. */
export async function resolveTarget(runtime: Runtime, flags: TargetFlags): Promise<Target> {
  return await locate(runtime, flags, (file) => openStore(runtime, file));
}

/** The same for whoever looks for what is wrong: that is among the config's problems. */
export async function inspectTarget(runtime: Runtime, flags: TargetFlags): Promise<Target> {
  const { env, home, cwd, platform } = runtime;
  const config = await inspectMeshconfig({ env, home, cwd, platform, flags });
  return located(config, (file) => openStore(runtime, file));
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
