import { type Decision, type ListenOptions, ProviderError } from "@meshauth/provider-api";
import { MeshauthError } from "../errors/error.js";
import { explainLogin, inFlow } from "../explain.js";
import { checkUrl } from "../http/index.js";
import { failureOf, type LoopbackReceiver } from "../receiver/index.js";
import type { Runtime } from "../runtime.js";
import { reachHint, type Surroundings, tunnelCommand } from "../surroundings/index.js";
import { printable } from "../text.js";
import { withResolvers } from "../with-resolvers.js";
import { duringWait, reasonNotToOpen, vainTexts } from "./opening.js";
import type { HostOptions } from "./options.js";

/**
 * Off a terminal a browser login makes sense only where the caller or a named program opens the link.
 *
 * @throws ProviderError `interaction`, with the commands that would work here.
 */
export function requireOpener(
  { terminal, registry }: Pick<Runtime, "terminal" | "registry">,
  surroundings: Surroundings,
  { browser: flags, installed: provider, told }: Pick<HostOptions, "browser" | "installed" | "told">,
): void {
  if (terminal.interactive) return;
  if (!flags.paste && (flags.noBrowser || flags.elsewhere || surroundings.openerAsked)) return;
  const input = { provider, registry, flags: {}, argument: false, ...told };
  // The provider has decided for a browser, whatever else it could do.
  const { ways } = explainLogin(surroundings, inFlow(input, "browser"));
  const next = ways.flatMap(({ command }) => command ?? []);
  if (flags.paste) {
    throw new ProviderError("interaction", "--paste needs a terminal to paste into.", { next });
  }
  const { silence } = surroundings;
  const reason = `${silence?.text ?? "There is no terminal."} Nobody would see the link, and nothing is named that opens it.`;
  throw new ProviderError(
    "interaction",
    "A browser login needs a terminal, or a program that opens the link.",
    { reason: [reason, ...vainTexts(surroundings)].join(" "), next },
  );
}

/** The address that a server sees itself by is not always the one by which it can be reached. */
const OTHER_NAME = "If you reach this machine by another name or port, use that one.";

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
  const obstacle = reasonNotToOpen(surroundings, options.browser)?.text;
  const reach = obstacle === undefined ? undefined : reachHint(surroundings, receiver.port);
  const tunnel = tunnelCommand(surroundings, receiver.port);
  const line = hint === undefined ? undefined : printable(hint, 500);
  const [pasted, settle] = withResolvers<T>();
  // It may fail before anybody waits for it.
  pasted.catch(() => undefined);
  const view = {
    link,
    ...(obstacle === undefined ? {} : { obstacle: reach === undefined ? obstacle : `${obstacle} ${reach}` }),
    ...(tunnel === undefined ? {} : { tunnel }),
    ...(surroundings.ssh === undefined ? {} : { tunnelNote: OTHER_NAME }),
    ...(line === undefined ? {} : { hint: line, late: line }),
    timeLeft: options.timeLeft,
    paste(text: string): string | undefined {
      const decision = decidePaste(login, text);
      if (decision.kind === "refuse") return printable(decision.reason);
      if (decision.kind === "accept") settle.resolve(decision.value);
      else settle.reject(failureOf(decision));
      return undefined;
    },
  };
  const opens = obstacle === undefined;
  const leave = (): void => settle.reject(new MeshauthError("MESHAUTH_E_INTERRUPTED"));
  return await duringWait({ runtime, surroundings, view, opens, leave }, async (open) => {
    if (opens) {
      for (const message of vainTexts(surroundings)) runtime.terminal.notify({ kind: "plain", message });
      open();
    }
    return await Promise.race([receiver.outcome, pasted]);
  });
}

function decidePaste<T>({ runtime, receiver, listen, link }: BrowserLogin<T>, text: string): Decision<T> {
  const line = text.trim();
  if (line === link)
    return { kind: "refuse", reason: "This is the link to open, not the address where it ends." };
  // What the link itself holds is shown anyway, and has to stay readable.
  if (!link.includes(line)) runtime.secrets.add(line);
  return (
    receiver.paste(line) ??
    listen.acceptPasted?.(line) ?? { kind: "refuse", reason: "This is not the address of this login." }
  );
}
