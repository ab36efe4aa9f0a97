import { NAME_PATTERN } from "@meshauth/provider-api";
import { isMeshauthError } from "../errors/error.js";

const LOGIN = "meshauth login";

/** A sign-in, as far as it decides how to make it again: the `Details` of a credential, for one. */
export interface MadeWith {
  readonly provider: { readonly id: string };
  /** The name of the saved settings that it was made with. */
  readonly savedSettings?: string;
}

/** The command that signs in again: with the saved settings that the sign-in was made with, if there were any. */
export function loginAgain(made: MadeWith | undefined): string {
  const name = made?.savedSettings;
  return name !== undefined && NAME_PATTERN.test(name) ? `${LOGIN} ${name}` : LOGIN;
}

/**
 * A step of advice. Where it is to sign in, with the provider's id or without, and the sign-in was made with saved
 * settings, it names those.
 */
export function stepAgain(step: string, made: MadeWith | undefined): string {
  const again = loginAgain(made);
  if (made === undefined || again === LOGIN) return step;
  const own = `${LOGIN} ${made.provider.id}`;
  if (step === LOGIN || step === own) return again;
  return step.startsWith(`${own} `) ? `${again}${step.slice(own.length)}` : step;
}

/** The same for whatever was thrown: an error of ours has its advice changed. */
export function adviseAgain(error: unknown, made: MadeWith | undefined): unknown {
  if (!isMeshauthError(error)) return error;
  return Object.assign(error, { next: error.next.map((step) => stepAgain(step, made)) });
}
