import type { MesheryServerClient } from "../meshery-server/index.js";

/** What a Meshery Server says of a credential. */
export interface ServerVerdict {
  readonly url: string;
  /** Null when it cannot be asked. */
  readonly accepts: boolean | null;
  /** A sentence. */
  readonly message: string;
}

/** Asks a Meshery Server about a credential. */
export async function askServer(
  server: MesheryServerClient,
  held: { readonly serverName: string; readonly token: string },
): Promise<ServerVerdict> {
  const answer = await server.accepts(held);
  const { url } = server;
  if (answer.kind === "ok") return { url, accepts: true, message: "The server accepts it." };
  return { url, accepts: answer.kind === "refused" ? false : null, message: answer.message };
}
