import type { DeviceLogin } from "@meshauth/provider-api";
import { beforeAbort } from "../before-abort.js";
import { MeshauthError } from "../errors/error.js";
import { checkUrl } from "../http/index.js";
import type { Runtime } from "../runtime.js";
import { printable } from "../text.js";
import { duringWait, reasonNotToOpen } from "./opening.js";
import type { HostOptions } from "./options.js";

/** Longer than any code that a person would type: RFC 8628 section 6.1. */
const LONGEST_CODE = 40;

/** Shows the link and the code, and waits for the provider's word that someone has approved the login elsewhere. */
export async function waitForDevice<T>(
  runtime: Runtime,
  options: Pick<HostOptions, "signal" | "timeLeft">,
  { link, code, expiresAt, poll }: DeviceLogin<T>,
): Promise<T> {
  const { href } = checkUrl(String(link));
  const surroundings = await runtime.surroundings();
  const leaving = new AbortController();
  const signal = AbortSignal.any([options.signal, leaving.signal]);
  const view = {
    link: href,
    ...(code === undefined ? {} : { code: printable(code, LONGEST_CODE) }),
    // Wherever it is opened, the login ends at the provider: a phone will do.
    qr: true,
    timeLeft: () => Math.min(options.timeLeft(), leftOf(runtime, expiresAt)),
  };
  const opens = reasonNotToOpen(surroundings, {}) === undefined;
  const leave = (): void => leaving.abort(new MeshauthError("MESHAUTH_E_INTERRUPTED"));
  return await duringWait({ runtime, surroundings, view, opens, leave }, () =>
    beforeAbort(signal, async () => await poll(signal)),
  );
}

/** Milliseconds until a code ends; without end when nothing is known of one. */
function leftOf({ now }: Pick<Runtime, "now">, expiresAt: Date | undefined): number {
  const end = expiresAt?.getTime() ?? Number.NaN;
  return Number.isNaN(end) ? Number.POSITIVE_INFINITY : Math.max(end - now().getTime(), 0);
}
