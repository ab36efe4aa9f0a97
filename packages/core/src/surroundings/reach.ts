import { typedWord } from "../login/command-for.js";
import { holds } from "./obstacle.js";
import type { Surroundings } from "./surroundings.js";

/**
 * The command for the person's own machine that makes a local port of this one reachable there: over SSH, into
 * a codespace or into a pod.
 *
 * @returns `undefined` where none is known to work. Over SSH the host is the address that the person connected to.
 */
export function tunnelCommand(
  { ssh, codespace, pod }: Pick<Surroundings, "ssh" | "codespace" | "pod">,
  port: number,
): string | undefined {
  if (ssh) {
    const way = ssh.port === undefined ? "" : `-p ${ssh.port} `;
    return `ssh -N -L ${port}:localhost:${port} ${way}${typedWord(`${ssh.user}@${ssh.host}`)}`;
  }
  if (codespace !== undefined) return `gh codespace ports forward ${port}:${port} --codespace ${codespace}`;
  if (pod === undefined) return undefined;
  const space = pod.namespace === undefined ? "" : `--namespace ${pod.namespace} `;
  return `kubectl port-forward ${space}pod/${pod.name} ${port}:${port}`;
}

/**
 * How a browser elsewhere gets to a local port of this machine where no command can be given for it.
 *
 * A port that Docker publishes leads to the container's address, not to its loopback, where the receiver is.
 */
export function reachHint(surroundings: Surroundings, port: number): string | undefined {
  const { facts } = surroundings;
  if (tunnelCommand(surroundings, port) !== undefined || holds(facts, "ssh")) return undefined;
  if (holds(facts, "wsl")) return "A browser in Windows can open the link: it reaches the ports of WSL.";
  if (holds(facts, "codespaces") || holds(facts, "dev-container")) {
    return `Forward port ${port} in the editor's view of ports, unless it has done so itself.`;
  }
  if (!holds(facts, "container")) return undefined;
  return `Open the link in a browser outside. Its last page, on port ${port}, loads there only if the container was started with --network host.`;
}
