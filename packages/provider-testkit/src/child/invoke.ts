import type { Host, LoginRequest, Provider } from "@meshauth/provider-api";
import { OPTIONAL_CALLS, type Plan } from "../protocol.js";
import type { Recorder } from "./recorder.js";

/** Makes the call that the plan says. */
export async function invoke(
  provider: Provider,
  host: Host,
  plan: Plan,
  recorder: Recorder,
): Promise<unknown> {
  const { credential } = plan;
  if (plan.call === "load") return OPTIONAL_CALLS.filter((name) => provider[name] !== undefined);
  if (plan.call === "login") return await provider.login(requestOf(plan.request, recorder), host);
  if (plan.call === "saved") return await saved(provider, host, requestOf(plan.request, recorder));
  if (credential === undefined) throw new Error("There is no credential to call with.");
  return await provider[plan.call]?.(credential, host);
}

/** The program hands both calls the same request. */
async function saved(provider: Provider, host: Host, request: LoginRequest): Promise<void> {
  await provider.login(request, host);
  await provider.saved?.(request, host);
}

/** The request, which tells what options are asked for. */
function requestOf(request: LoginRequest, recorder: Recorder): LoginRequest {
  const options = new Proxy(request.options, {
    get(target, name, receiver) {
      if (typeof name === "string" && !(name in Object.prototype)) recorder.optionRead(name);
      return Reflect.get(target, name, receiver);
    },
  });
  return { ...request, options };
}
