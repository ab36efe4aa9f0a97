import { isIP } from "node:net";
import {
  type NamedOpener,
  namedOpener,
  type OpenerSearch,
  type VainOpener,
  vainOpeners,
} from "../opener/named.js";
import type { Runtime } from "../runtime.js";
import { collectFacts, type Fact, isOn } from "./facts.js";
import type { Machine } from "./machine.js";
import { type Asking, holds, obstacleOf, type Reason, silenceOf } from "./obstacle.js";

/** What opens a link: a program that the user named, the system's own, Windows' from WSL, or nothing. */
export type Opener = "named" | "platform" | "wsl" | "none";

/** Where the program runs, as far as a login depends on it. Pure data. */
export interface Surroundings {
  readonly facts: readonly Fact[];
  /** Why no browser is opened here. */
  readonly obstacle: Reason | undefined;
  readonly opener: Opener;
  /** The variable that names the opener. */
  readonly openerVariable?: NamedOpener["variable"];
  /** Whether a variable names a program to open links with, be it one that is not there. */
  readonly openerAsked: boolean;
  /** The variables that name a program which cannot be started. */
  readonly vainOpeners: readonly VainOpener[];
  /** Why nobody can be asked; absent when questions can be asked. */
  readonly silence: Reason | undefined;
  /** Where the person connected to. `port` is given when it is not 22. */
  readonly ssh?: { readonly user: string; readonly host: string; readonly port?: number };
  /** The name of the codespace. */
  readonly codespace?: string;
  readonly pod?: { readonly name: string; readonly namespace?: string };
}

/** What surroundings are gathered from. */
export interface SurroundingsInput extends OpenerSearch, Asking {
  readonly machine: Machine;
}

/** Finds out where the program runs. Looks for programs that variables name, and touches nothing. */
export function gatherSurroundings(input: SurroundingsInput): Surroundings {
  const { env, platform, streams, noInput, machine } = input;
  const named = namedOpener(input);
  const vain = vainOpeners(input);
  const facts = collectFacts({ env, platform, machine, streams, noInput, named, vain });
  const obstacle = named === undefined ? obstacleOf(facts) : undefined;
  const system = holds(facts, "wsl") ? "wsl" : "platform";
  return {
    facts,
    obstacle,
    opener: named ? "named" : obstacle === undefined ? system : "none",
    ...(named === undefined ? {} : { openerVariable: named.variable }),
    openerAsked: named !== undefined || vain.some(isMeant),
    vainOpeners: vain,
    silence: silenceOf(input),
    ...sshOf(env, machine),
    ...codespaceOf(env),
    ...podOf(env),
  };
}

/** Whether someone who set the variable wants a browser login: other programs set `BROWSER` to a text browser. */
function isMeant({ variable, fault }: VainOpener): boolean {
  return variable === "MESHAUTH_BROWSER" || fault === "missing";
}

/** `SSH_CONNECTION` is the address and port of the client, then those of the server: sshd(8). */
function sshOf(env: Runtime["env"], machine: Machine): Pick<Surroundings, "ssh"> {
  const [, , host = "", port = ""] = (env["SSH_CONNECTION"] ?? "").split(" ");
  if (isIP(host) === 0) return {};
  const user = machine.user || env["USER"] || env["LOGNAME"] || "USER";
  const other = /^\d{1,5}$/.test(port) && port !== "22";
  return { ssh: { user, host, ...(other ? { port: Number(port) } : {}) } };
}

function codespaceOf(env: Runtime["env"]): Pick<Surroundings, "codespace"> {
  const name = env["CODESPACE_NAME"] ?? "";
  return isOn(env["CODESPACES"]) && isHostName(name) ? { codespace: name } : {};
}

/** A pod's host name is the pod's name unless its specification says otherwise. */
function podOf(env: Runtime["env"]): Pick<Surroundings, "pod"> {
  const { KUBERNETES_SERVICE_HOST, HOSTNAME: name = "", POD_NAMESPACE: namespace = "" } = env;
  if (!isOn(KUBERNETES_SERVICE_HOST) || !isHostName(name)) return {};
  return { pod: { name, ...(isHostName(namespace) ? { namespace } : {}) } };
}

function isHostName(text: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{0,252}$/i.test(text);
}
