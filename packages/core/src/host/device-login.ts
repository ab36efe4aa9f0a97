import type { DeviceLogin } from "@meshauth/provider-api";
import { MeshauthError } from "../errors/error.js";
import { checkUrl } from "../http/index.js";
import type { Runtime } from "../runtime.js";
import type { WaitScreen } from "../terminal.js";
import { printable } from "../text.js";
import { linkOpener, reasonNotToOpen } from "./opening.js";
import type { HostOptions } from "./options.js";

/** Longer than any code that a person would type: RFC 8628 section 6.1. */
const LONGEST_CODE = 40;

/** Shows the link and the code, and waits for the provider's word that someone has approved the login elsewhere. */
export async function waitForDevice<T>(
  runtime: Runtime,
  options: Pick<HostOptions, "signal" | "timeLeft">,
  { link, code, poll }: DeviceLogin<T>,
): Promise<T> {
  const { href } = checkUrl(String(link));
  const surroundings = await runtime.surroundings();
  const leaving = new AbortController();
  const signal = AbortSignal.any([options.signal, leaving.signal]);
  let screen: WaitScreen | undefined;
  const reopen = linkOpener(href, surroundings, runtime, (success) => screen?.opened(success));
  screen = await runtime.terminal.wait(
    {
      link: href,
      ...(code === undefined ? {} : { code: printable(code, LONGEST_CODE) }),
      // Wherever it is opened, the login ends at the provider: a phone will do.
      qr: true,
      ...(reasonNotToOpen(surroundings, {}) === undefined ? { reopen } : {}),
      timeLeft: options.timeLeft,
    },
    () => leaving.abort(new MeshauthError("MESHAUTH_E_INTERRUPTED")),
  );
  let taken = false;
  try {
    const left = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    signal.throwIfAborted();
    const value = await Promise.race([poll(signal), left]);
    taken = true;
    return value;
  } finally {
    screen.end(taken);
  }
}
