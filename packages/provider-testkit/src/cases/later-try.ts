import type { Credential } from "@meshauth/provider-api";
import type { Bench } from "../bench/bench.js";
import type { Changes } from "../bench/plan.js";
import type { Scene } from "../bench/scene.js";
import type { Handler, Servers } from "../definition.js";
import type { RunRecord } from "../protocol.js";
import { skipped, type Verdict } from "../verdict.js";

/** A function that is called with a credential, in a later process. */
export type Later = "refresh" | "revoke" | "identify";

/** One such call, with the scene in which it was made. */
export interface LaterTry {
  readonly scene: Scene;
  readonly credential: Credential;
  readonly record: RunRecord;
}

/** Signs in, as the example says, and calls the function with what the login gave. */
export async function tryLater(
  bench: Bench,
  call: Later,
  changes: Changes = {},
  prepare: (scene: Scene) => void = () => undefined,
): Promise<LaterTry> {
  const scene = await bench.open();
  const credential = await scene.credentialFor(call);
  if (credential === undefined) throw new Error(`No login gave a credential for ${call}.`);
  prepare(scene);
  return { scene, credential, record: await scene.run(call, { credential, ...changes }) };
}

/** The reason why a function cannot be tried; `undefined` when it can. */
export function missing(bench: Bench, call: Later): Verdict | undefined {
  return bench.methods.includes(call) ? undefined : skipped(`The provider has no function ${call}.`);
}

/** Servers that say no: the example's, else as the standards have it. */
export async function denial(bench: Bench, call: Later): Promise<Servers | undefined> {
  const example = await bench.example();
  const given = example[call]?.denied;
  if (given || call === "revoke") return given;
  const [status, error] = call === "refresh" ? [400, "invalid_grant"] : [401, "invalid_token"];
  const no: Handler = () => Response.json({ error }, { status });
  return Object.fromEntries(Object.keys(example.servers ?? {}).map((origin) => [origin, no]));
}
