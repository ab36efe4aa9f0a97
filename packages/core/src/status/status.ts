import type { Runtime, TargetFlags } from "../runtime.js";
import { openServer, openStore, resolveTarget, type Target } from "../target.js";
import { type ContextStatus, type InForce, type StatusResult, statusOf } from "./offline.js";
import { askServer } from "./verdict.js";

/** Says who is signed in where, offline unless `check` is set. Touches no file. */
export async function status(runtime: Runtime, flags: TargetFlags, check = false): Promise<StatusResult> {
  const target = await resolveTarget(runtime, flags);
  const open = (file: string) => openStore(runtime, file);
  const verdictOn = check ? (current: InForce) => withVerdict(runtime, target, current) : undefined;
  return await statusOf({ ...runtime, open }, target, verdictOn);
}

async function withVerdict(
  runtime: Runtime,
  { config }: Target,
  { status: offline, token, details }: InForce,
): Promise<ContextStatus> {
  const { provider, source } = offline;
  if (provider === null && source === "file") return offline;
  const server = openServer(runtime, config.server);
  const verdict = await askServer(server, { ...offline, token, details, now: runtime.now() });
  return { ...offline, server: verdict };
}
