import { argumentOf, hasTwoSteps } from "./entry.js";
import { reasonNotToOpen, vainTexts } from "./host/opening.js";
import type { BrowserFlags } from "./host/options.js";
import type { InstalledProvider, Registry } from "./registry/index.js";
import { type Fact, type FactId, holds, type Reason, type Surroundings } from "./surroundings/index.js";

/** The ways in, in the order in which they are told. */
export type WayId = "browser" | "link" | "paste" | "two-step" | "token-stdin" | "import" | "none";

/** One way in, and whether it is open on this machine. */
export interface Way {
  readonly id: WayId;
  readonly possible: boolean;
  /** How it works here, or why it does not: a sentence. */
  readonly reason: string;
  /** The facts that rule it out; empty when it is open, or ruled out by something else than this machine. */
  readonly because: readonly FactId[];
  /** What to type for it; null where it is not possible. */
  readonly command: string | null;
}

/** What a login would go by; the document of `--explain --json`. */
export interface Explanation {
  readonly facts: readonly Fact[];
  readonly ways: readonly Way[];
  /** The way that the login would take; null when it would end with exit code 10. */
  readonly chosen: WayId | null;
}

/** The login that is explained. */
export interface ExplainInput {
  readonly provider: InstalledProvider;
  readonly registry: Pick<Registry, "providers">;
  readonly flags: BrowserFlags & { readonly tokenStdin?: boolean };
  /** Whether the provider's argument, such as the file to import, was given. */
  readonly argument: boolean;
}

/** Tells which ways in are open here, and which one a login would take. It does nothing. */
export function explainLogin(surroundings: Surroundings, input: ExplainInput): Explanation {
  return {
    facts: surroundings.facts,
    ways: [
      browserWay(surroundings, input),
      linkWay(surroundings, input),
      pasteWay(surroundings, input),
      twoStepWay(input),
      tokenWay(input),
      otherWay("import", "file", "A downloaded auth.json, or - for standard input.", input),
      otherWay("none", "local", "Without an account; all work stays local.", input),
    ],
    chosen: chosenWay(surroundings, input),
  };
}

function browserWay(surroundings: Surroundings, { provider, flags }: ExplainInput): Way {
  const { entry } = provider;
  if (!entry.flows.includes("browser"))
    return closedWay("browser", noFlow(provider, "a browser on this machine"));
  const obstacle = reasonNotToOpen(surroundings, flags);
  if (obstacle !== undefined) return closedWay("browser", obstacle);
  const reason = [`${openerText(surroundings)} opens the link.`, ...vainTexts(surroundings)].join(" ");
  return openWay("browser", reason, `meshauth login ${entry.id}`);
}

function linkWay(surroundings: Surroundings, { provider, flags }: ExplainInput): Way {
  const { id, flows } = provider.entry;
  if (flows.includes("browser")) {
    const back = holds(surroundings.facts, "ssh") ? "a tunnel" : "a local port";
    const paste = surroundings.silence === undefined ? ", or its last address is pasted" : "";
    const code =
      takesCode(flows, flags) && reasonNotToOpen(surroundings, flags) !== undefined
        ? " Without --no-browser a code is entered on any device, if the server takes codes."
        : "";
    return openWay(
      "link",
      `The browser comes back through ${back}${paste}.${code}`,
      `meshauth login ${id} --no-browser`,
    );
  }
  if (flows.includes("device")) return openWay("link", "It works from any device.", `meshauth login ${id}`);
  return closedWay("link", noFlow(provider, "a link"));
}

function pasteWay({ silence }: Surroundings, { provider }: ExplainInput): Way {
  const { id, flows } = provider.entry;
  const browser = flows.includes("browser");
  if (!browser && !flows.includes("paste")) return closedWay("paste", noFlow(provider, "anything to paste"));
  if (silence !== undefined) return closedWay("paste", silence);
  const what = browser ? "The address of the browser's last page" : "A token";
  return openWay(
    "paste",
    `${what} is pasted without echo.`,
    `meshauth login ${id}${browser ? " --paste" : ""}`,
  );
}

/** For a program that cannot wait: it shows the link to someone, and comes back. */
function twoStepWay({ provider }: ExplainInput): Way {
  const { entry } = provider;
  if (!hasTwoSteps(entry)) return closedWay("two-step", noFlow(provider, "a link"));
  const reason = "Started here, opened anywhere, completed later: for programs that cannot wait.";
  return openWay("two-step", reason, `meshauth login ${entry.id} --start --json`);
}

function tokenWay({ provider }: ExplainInput): Way {
  const { id, flows } = provider.entry;
  if (!flows.includes("paste")) return closedWay("token-stdin", noFlow(provider, "a token"));
  return openWay(
    "token-stdin",
    "A token from a file or a pipe.",
    `meshauth login ${id} --token-stdin < FILE`,
  );
}

/** A way that a provider of its own stands for. */
function otherWay(id: "import" | "none", flow: "file" | "local", reason: string, input: ExplainInput): Way {
  const { provider, registry } = input;
  const found = [provider, ...registry.providers].find(({ entry }) => entry.flows.includes(flow));
  if (found === undefined) return closedWay(id, { text: "No installed provider offers it." });
  const argument = argumentOf(found.entry);
  return openWay(id, reason, ["meshauth login", found.entry.id, ...(argument ? [argument] : [])].join(" "));
}

function openerText({ opener, openerVariable = "MESHAUTH_BROWSER" }: Surroundings): string {
  if (opener === "named") return `The program that ${openerVariable} names`;
  return opener === "wsl" ? "Windows" : "The system's own opener";
}

function chosenWay(surroundings: Surroundings, { provider, flags, argument }: ExplainInput): WayId | null {
  const { flows } = provider.entry;
  const asked = surroundings.silence === undefined;
  if (flags.tokenStdin && flows.includes("paste")) return "token-stdin";
  if (flows.includes("browser")) {
    if (flags.paste) return asked ? "paste" : null;
    if (flags.noBrowser) return "link";
    if (surroundings.opener === "named") return "browser";
    if (!asked) return surroundings.openerAsked || takesCode(flows, flags) ? "link" : null;
    return surroundings.obstacle === undefined ? "browser" : "link";
  }
  if (flows.includes("device")) return "link";
  if (flows.includes("local")) return "none";
  if (flows.includes("file")) return asked || argument ? "import" : null;
  return asked ? "paste" : null;
}

/** Whether a provider with the browser may let someone enter a code instead: the counterpart of `Host.wantsBrowser`. */
function takesCode(flows: InstalledProvider["entry"]["flows"], flags: BrowserFlags): boolean {
  return flows.includes("device") && !flags.noBrowser && !flags.paste && flags.port === undefined;
}

function openWay(id: WayId, reason: string, command: string): Way {
  return { id, possible: true, reason, because: [], command };
}

function closedWay(id: WayId, { text, because }: Partial<Reason> & Pick<Reason, "text">): Way {
  return {
    id,
    possible: false,
    reason: text,
    because: because === undefined ? [] : [because],
    command: null,
  };
}

function noFlow({ entry }: InstalledProvider, what: string): Pick<Reason, "text"> {
  return { text: `${entry.title} does not sign in with ${what}.` };
}
