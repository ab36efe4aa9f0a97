import { type Decision, type ListenOptions, ProviderError } from "@meshauth/provider-api";
import { MeshauthError } from "../errors/error.js";
import { checkUrl } from "../http/index.js";
import { openLink } from "../opener/open-link.js";
import type { LoopbackReceiver } from "../receiver/index.js";
import type { Runtime } from "../runtime.js";
import { reachHint, type Surroundings, tunnelCommand } from "../surroundings/index.js";
import { printable } from "../text.js";
import type { BrowserFlags, HostOptions } from "./options.js";

/** Off a terminal a browser login makes sense only where the caller or a named program opens the link. */
export function requireOpener(
  interactive: boolean,
  { openerAsked }: Pick<Surroundings, "openerAsked">,
  flags: BrowserFlags,
  providerId: string,
): void {
  if (interactive) return;
  if (flags.paste) {
    throw new MeshauthError("MESHAUTH_E_INTERACTION", {
      message: "--paste needs a terminal to paste into.",
      next: [`meshauth login ${providerId} --token-stdin < FILE`, "meshauth login file-import FILE"],
    });
  }
  if (flags.noBrowser || openerAsked) return;
  throw new MeshauthError("MESHAUTH_E_INTERACTION", {
    message: "A browser login needs a terminal, or a program that opens the link.",
    why: "Nobody would see the link: there is no terminal, and neither --no-browser, MESHAUTH_BROWSER nor BROWSER is given.",
    next: [
      `meshauth login ${providerId} --no-browser`,
      `meshauth login ${providerId} --start --json`,
      `meshauth login ${providerId} --token-stdin < FILE`,
      "meshauth login file-import FILE",
      "meshauth login none",
    ],
  });
}

interface BrowserLogin<T> {
  readonly runtime: Runtime;
  readonly options: HostOptions;
  readonly surroundings: Surroundings;
  readonly receiver: LoopbackReceiver<T>;
  readonly listen: ListenOptions<T>;
  readonly link: string;
  readonly hint: string | undefined;
}

/** Prints the link, opens the browser where that helps, and waits for the callback or a paste. */
export async function waitForLogin<T>(login: BrowserLogin<T>): Promise<T> {
  const { runtime, options, surroundings, receiver, hint } = login;
  const link = checkUrl(login.link).href;
  const obstacle = reasonNotToOpen(surroundings, options.browser);
  const reach = obstacle === undefined ? undefined : reachHint(surroundings, receiver.port);
  const tunnel = tunnelCommand(surroundings, receiver.port);
  const line = hint === undefined ? undefined : printable(hint, 500);
  let settle: { resolve: (value: T) => void; reject: (error: unknown) => void } | undefined;
  const pasted = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const screen = runtime.terminal.wait(
    {
      link,
      ...(obstacle === undefined
        ? { reopen: () => void open() }
        : { obstacle: reach === undefined ? obstacle : `${obstacle} ${reach}` }),
      ...(tunnel === undefined ? {} : { tunnel }),
      ...(line === undefined ? {} : { hint: line, late: line }),
      timeLeft: options.timeLeft,
      paste(text) {
        const decision = decidePaste(login, text);
        if (decision.kind === "refuse") return printable(decision.reason);
        if (decision.kind === "accept") settle?.resolve(decision.value);
        else settle?.reject(new ProviderError("denied", printable(decision.reason)));
        return undefined;
      },
    },
    () => settle?.reject(new MeshauthError("MESHAUTH_E_INTERRUPTED")),
  );
  let opening = false;
  /** One at a time: whoever leans on the key gets one window. */
  async function open(): Promise<void> {
    if (opening) return;
    opening = true;
    const success = await openLink(link, surroundings.opener, runtime).catch(() => false);
    opening = false;
    screen.opened(success);
  }
  let taken = false;
  try {
    if (obstacle === undefined) {
      for (const message of missingTexts(surroundings)) runtime.terminal.notify({ kind: "plain", message });
      void open();
    }
    const value = await Promise.race([receiver.outcome, pasted]);
    taken = true;
    return value;
  } finally {
    screen.end(taken);
  }
}

function decidePaste<T>({ runtime, receiver, listen, link }: BrowserLogin<T>, text: string): Decision<T> {
  const line = text.trim();
  if (line === link)
    return { kind: "refuse", reason: "This is the link to open, not the address where it ends." };
  runtime.secrets.add(line);
  return (
    receiver.paste(line) ??
    listen.acceptPasted?.(line) ?? { kind: "refuse", reason: "This is not the address of this login." }
  );
}

/** Why no browser is opened, in a sentence or two; `undefined` when one is. */
export function reasonNotToOpen(
  surroundings: Pick<Surroundings, "obstacle" | "silence" | "opener" | "missingOpeners">,
  flags: BrowserFlags,
): string | undefined {
  if (flags.noBrowser || flags.paste) return "No browser is opened, as you asked.";
  const reason = surroundings.obstacle ?? silentOpener(surroundings);
  return reason === undefined ? undefined : [reason, ...missingTexts(surroundings)].join(" ");
}

/** Where nobody sees the link, only a program that was named gets to open one. */
function silentOpener({ opener, silence }: Pick<Surroundings, "opener" | "silence">): string | undefined {
  if (silence === undefined || opener === "named") return undefined;
  return `${silence} There, only a program that MESHAUTH_BROWSER or BROWSER names is started.`;
}

/** A sentence for each variable that names a program in vain. */
export function missingTexts({ missingOpeners }: Pick<Surroundings, "missingOpeners">): string[] {
  return missingOpeners.map(
    ({ variable, program }) => `${variable} names ${printable(program, 60)}, which is not there.`,
  );
}
