import { UNSAFE_CHARACTERS } from "@meshauth/provider-api";
import { hasToBeTold, loginCommand, type Told } from "../entry.js";
import { isMeshauthError } from "../errors/error.js";
import type { LoginInput } from "./login.js";

const LOGIN = "meshauth login";

/** Characters of a command that is kept. A longer one is not. */
const LONGEST = 2_000;

/** A sign-in, as far as it decides how to make it again: the `Details` of a credential, for one. */
export interface MadeWith {
  readonly provider: { readonly id: string };
  /** The command that makes it again; absent: `meshauth login`. */
  readonly again?: string;
}

/** What a login was told. Saved settings stand for all of it. */
export function toldOf({ options, savedSettings }: Pick<LoginInput, "options" | "savedSettings">): Told {
  return savedSettings === undefined ? { given: options } : { saved: { name: savedSettings, options } };
}

/** The command that makes a login again, where it cannot do without being told something. */
export function againOf(input: Pick<LoginInput, "provider" | "options" | "savedSettings">): {
  readonly again?: string;
} {
  const { entry } = input.provider;
  if (input.savedSettings === undefined && !hasToBeTold(entry)) return {};
  const again = loginCommand(entry, toldOf(input));
  return again.length > LONGEST ? {} : { again };
}

/** The command that signs in again, in the way in which the sign-in was made. */
export function loginAgain(made: MadeWith | undefined): string {
  const { again } = made ?? {};
  return again?.startsWith(`${LOGIN} `) && again.length <= LONGEST && isPrintable(again) ? again : LOGIN;
}

/** The expression is made where it is used: the classes take time to work out, and most sign-ins keep no command. */
function isPrintable(text: string): boolean {
  return !new RegExp(`[${UNSAFE_CHARACTERS}]`, "u").test(text);
}

/**
 * A step of advice. Where it is to sign in, with the provider's id or without, it says how, as the sign-in was made.
 */
export function stepAgain(step: string, made: MadeWith | undefined): string {
  const again = loginAgain(made);
  if (made === undefined || again === LOGIN) return step;
  const own = `${LOGIN} ${made.provider.id}`;
  if (step === LOGIN || step === own) return again;
  // A step with flags says all that it means, unless saved settings do.
  return step.startsWith(`${own} `) && !again.includes(" --") ? `${again}${step.slice(own.length)}` : step;
}

/** The same for whatever was thrown: an error of ours has its advice changed. */
export function adviseAgain(error: unknown, made: MadeWith | undefined): unknown {
  if (!isMeshauthError(error)) return error;
  return Object.assign(error, { next: error.next.map((step) => stepAgain(step, made)) });
}
