import { goesBy, type Host, type ServerProvider } from "@meshauth/provider-api";

/**
 * The name for `auth.json`: `Local` where the Meshery Server lists its local provider only under that
 * name, else `None`.
 *
 * Servers before May 2026 look up the exact name and know only `None`; newer ones call it `Local` and take
 * `None` as an alias. So `None` is the safe one wherever the server cannot be asked, whichever of the two
 * was typed, and what a server lists outweighs what was typed.
 */
export async function localName(host: Host): Promise<"None" | "Local"> {
  const answer = await host.server.providers();
  if (answer.kind !== "ok") {
    host.debug(`the Meshery Server's providers are not known: ${answer.kind}`);
    return "None";
  }
  if (answer.value.some((entry) => isLocal(entry, "none"))) return "None";
  if (answer.value.some((entry) => isLocal(entry, "local"))) return "Local";
  host.report({
    type: "warning",
    message: `The Meshery Server at ${host.server.url} lists no local provider; it may ask for another sign-in.`,
  });
  return "None";
}

/** A remote provider may be called anything, "Local" too: the type decides, then the name. */
function isLocal(entry: ServerProvider, name: string): boolean {
  return entry.type === "local" && goesBy(entry, name);
}
