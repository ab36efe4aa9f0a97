import { openLink } from "../opener/open-link.js";
import type { Runtime } from "../runtime.js";
import { type Reason, type Surroundings, vainText } from "../surroundings/index.js";
import type { WaitScreen, WaitView } from "../terminal.js";
import type { BrowserFlags } from "./options.js";

/** Why a browser is not opened. */
export interface NotOpened extends Pick<Reason, "text"> {
  /** The fact that keeps it from being opened; absent when the person asked for that. */
  readonly because?: Reason["because"];
}

/** Why no browser is opened, in a sentence or more; `undefined` when one is. */
export function reasonNotToOpen(
  surroundings: Pick<Surroundings, "obstacle" | "silence" | "opener" | "vainOpeners">,
  flags: BrowserFlags,
): NotOpened | undefined {
  if (flags.noBrowser || flags.paste || flags.elsewhere)
    return { text: "No browser is opened, as you asked." };
  const reason = surroundings.obstacle ?? silentOpener(surroundings);
  if (reason === undefined) return undefined;
  return { ...reason, text: [reason.text, ...vainTexts(surroundings)].join(" ") };
}

/** Whether a login is one with a browser, for a provider that could also do without: see `Host.wantsBrowser`. */
export function wantsBrowser(
  surroundings: Parameters<typeof reasonNotToOpen>[0],
  flags: BrowserFlags,
): boolean {
  if (flags.noBrowser || flags.paste || flags.port !== undefined) return true;
  return reasonNotToOpen(surroundings, flags) === undefined;
}

/** Where nobody sees the link, only a program that was named gets to open one. */
function silentOpener({ opener, silence }: Pick<Surroundings, "opener" | "silence">): Reason | undefined {
  if (silence === undefined || opener === "named") return undefined;
  const text = `${silence.text} There, only a program that MESHAUTH_BROWSER or BROWSER names is started.`;
  return { ...silence, text };
}

/** A sentence for each variable that names a program in vain. */
export function vainTexts({ vainOpeners }: Pick<Surroundings, "vainOpeners">): string[] {
  return vainOpeners.map((vain) => `${vainText(vain)}.`);
}

/** A wait for somebody who signs in with a link. */
interface Waiting {
  readonly runtime: Pick<Runtime, "env" | "platform" | "terminal">;
  readonly surroundings: Pick<Surroundings, "opener">;
  readonly view: Omit<WaitView, "reopen">;
  /** Whether the link can be opened here. */
  readonly opens: boolean;
  /** The person leaves. */
  leave(): void;
}

/**
 * Shows the wait for as long as `work` takes, which has come to its end by then, or failed.
 *
 * @param work - Gets what opens the link.
 */
export async function duringWait<T>(
  { runtime, surroundings, view, opens, leave }: Waiting,
  work: (open: () => void) => Promise<T>,
): Promise<T> {
  let screen: WaitScreen | undefined;
  const open = linkOpener(view.link, surroundings, runtime, (success) => screen?.opened(success));
  screen = await runtime.terminal.wait({ ...view, ...(opens ? { reopen: open } : {}) }, leave);
  let taken = false;
  try {
    const value = await work(open);
    taken = true;
    return value;
  } finally {
    screen.end(taken);
  }
}

/** Opens a link as often as it is asked to, one at a time: whoever leans on the key gets one window. */
function linkOpener(
  link: string,
  { opener }: Pick<Surroundings, "opener">,
  runtime: Pick<Runtime, "env" | "platform">,
  tell: (success: boolean) => void,
): () => void {
  let opening = false;
  return () => {
    if (opening) return;
    opening = true;
    void openLink(link, opener, runtime)
      .catch(() => false)
      .then((success) => {
        opening = false;
        tell(success);
      });
  };
}
