import { type ChildProcess, spawn } from "node:child_process";
import type { Runtime } from "../runtime.js";

/** How long an opener may take before it is taken for one that stays in the foreground. */
const OPENER_LIMIT_MS = 3_000;

/** What became of an opener. `started` proves nothing about a browser; `missing`: it could not be started. */
export type Attempt = "started" | "failed" | "missing";

/** Starts a program without a shell, in a session of its own and with its output thrown away. */
export function attempt([program = "", ...args]: readonly string[], env: Runtime["env"]): Promise<Attempt> {
  return settled(() => spawn(program, args, { stdio: "ignore", detached: true, env: withoutSecrets(env) }));
}

/** Variables with secrets that providers read, by the names that they go by. */
const SECRET = /^MESHAUTH_\w*(?:SECRET|KEY|TOKEN|PASSWORD)$/;

/** What a browser inherits: nothing that only we and the providers have a use for. */
export function withoutSecrets(env: Runtime["env"]): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(withoutToken(env)).filter(([name]) => !SECRET.test(name)));
}

/** What a process of ours inherits that waits for a sign-in: it has no use for a token. */
export function withoutToken(env: Runtime["env"]): Record<string, string | undefined> {
  const { MESHERY_API_TOKEN: _, ...rest } = env;
  return rest;
}

/** What became of a started program, within the limit. It does not keep our process from ending. */
export async function settled(begin: () => ChildProcess | Promise<ChildProcess>): Promise<Attempt> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Attempt>((resolve) => {
    timer = setTimeout(() => resolve("started"), OPENER_LIMIT_MS);
  });
  try {
    return await Promise.race([ended(begin), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Some failures to start are thrown, others come as an event. */
async function ended(begin: () => ChildProcess | Promise<ChildProcess>): Promise<Attempt> {
  let child: ChildProcess;
  try {
    child = await begin();
  } catch {
    return "missing";
  }
  child.unref();
  // One that was waited for has told its end already.
  if (child.exitCode !== null) return verdict(child.exitCode);
  return await new Promise((resolve) => {
    child.on("error", () => resolve("missing"));
    child.once("exit", (code) => resolve(verdict(code)));
  });
}

function verdict(code: number | null): Attempt {
  return code === 0 ? "started" : "failed";
}
