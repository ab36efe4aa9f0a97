import { isMeshauthError } from "@meshauth/core";
import type { SavedSettings } from "../settings/file.js";

type Named = Pick<SavedSettings, "name" | "provider">;

/** A step of advice, where it is a login with the provider with the name of the saved settings in place of the id. */
export function stepByName(step: string, { name, provider }: Named): string {
  const login = "meshauth login";
  if (step === login) return `${login} ${name}`;
  const own = `${login} ${provider}`;
  return step === own || step.startsWith(`${own} `) ? `${login} ${name}${step.slice(own.length)}` : step;
}

/** The same for whatever a login with saved settings threw: an error of ours has its advice changed. */
export function adviseByName(error: unknown, saved: Named): unknown {
  if (!isMeshauthError(error)) return error;
  return Object.assign(error, { next: error.next.map((step) => stepByName(step, saved)) });
}
