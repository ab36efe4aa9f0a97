import type { NamedOpener, VainOpener } from "../opener/named.js";
import { printable } from "../text.js";
import type { Machine } from "./machine.js";

/** What is found out about the surroundings, in the order in which it is told. */
export type FactId =
  | "ssh"
  | "wsl"
  | "wsl-interop"
  | "container"
  | "kubernetes"
  | "dev-container"
  | "codespaces"
  | "display"
  | "named-browser"
  | "ci"
  | "root"
  | "dumb-terminal"
  | "screen-reader"
  | "stdin-terminal"
  | "stderr-terminal"
  | "no-input";

/** One thing that is so, or is not. */
export interface Fact {
  readonly id: FactId;
  readonly holds: boolean;
  /** What it was told by, in a few words. */
  readonly detail?: string;
}

/** Which of our streams are terminals. */
export interface Streams {
  readonly stdin: boolean;
  readonly stderr: boolean;
}

/** What facts are made of. */
export interface Evidence {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly machine: Machine;
  readonly streams: Streams;
  /** The flag that forbids questions, where one was given. */
  readonly noInput: string | undefined;
  readonly named: NamedOpener | undefined;
  readonly vain: readonly VainOpener[];
}

/** Whether a variable is there and does not say no. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value.toLowerCase());
}

/** All facts, in their fixed order. */
export function collectFacts(evidence: Evidence): Fact[] {
  const { env, machine, streams, noInput } = evidence;
  const wsl = machine.wsl;
  return [
    byVariable("ssh", env, ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"], (value) => value !== ""),
    { id: "wsl", holds: wsl },
    { id: "wsl-interop", holds: wsl && machine.wslInterop && isOn(env["WSL_INTEROP"]) },
    // https://systemd.io/CONTAINER_INTERFACE; Flatpak sets it too, on a desktop.
    machine.container
      ? { id: "container", holds: true }
      : byVariable("container", env, ["container"], (value) => value !== "" && value !== "flatpak"),
    byVariable("kubernetes", env, ["KUBERNETES_SERVICE_HOST"], isOn),
    byVariable("dev-container", env, ["REMOTE_CONTAINERS", "DEVCONTAINER"], isOn),
    byVariable("codespaces", env, ["CODESPACES"], isOn),
    display(evidence),
    namedBrowser(evidence),
    { id: "ci", ...continuousIntegration(evidence) },
    { id: "root", holds: machine.root },
    { id: "dumb-terminal", holds: env["TERM"] === "dumb" },
    byVariable("screen-reader", env, ["ACCESSIBLE"], isOn),
    { id: "stdin-terminal", holds: streams.stdin },
    { id: "stderr-terminal", holds: streams.stderr },
    { id: "no-input", holds: noInput !== undefined },
  ];
}

function byVariable(
  id: FactId,
  env: Evidence["env"],
  names: readonly string[],
  says: (value: string) => boolean,
): Fact {
  const name = names.find((candidate) => says(env[candidate] ?? ""));
  return name === undefined ? { id, holds: false } : { id, holds: true, detail: `${name} is set` };
}

function display({ env, platform }: Evidence): Fact {
  if (platform === "darwin" || platform === "win32")
    return { id: "display", holds: true, detail: "part of the system" };
  return byVariable("display", env, ["WAYLAND_DISPLAY", "DISPLAY"], (value) => value !== "");
}

function namedBrowser({ named, vain: [vain] }: Evidence): Fact {
  const id = "named-browser";
  if (named) return { id, holds: true, detail: printable(`${named.variable}=${named.value}`, 80) };
  return vain === undefined ? { id, holds: false } : { id, holds: false, detail: vainText(vain) };
}

/** Why a variable's program is not started, without the full stop. */
export function vainText({ variable, program, fault }: VainOpener): string {
  const why = fault === "missing" ? "which is not there" : "which runs in a terminal and is not started";
  return `${variable} names ${printable(program, 60)}, ${why}`;
}

function continuousIntegration({ env, machine }: Evidence): Pick<Fact, "holds" | "detail"> {
  if (machine.ci !== undefined) return { holds: true, detail: machine.ci };
  return isOn(env["CI"]) ? { holds: true, detail: "CI is set" } : { holds: false };
}
