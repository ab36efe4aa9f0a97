import type { Details } from "@meshauth/auth-store";
import { onlyRemote } from "../credential/only-remote.js";
import { isMeshauthError } from "../errors/error.js";
import type { MesheryServerClient } from "../meshery-server/index.js";
import { decidingTime, wouldBeRenewed } from "../standing.js";

/** What a Meshery Server says of a credential. */
export interface ServerVerdict {
  readonly url: string;
  /** Null when it cannot be asked, or was not. */
  readonly accepts: boolean | null;
  /** A sentence. */
  readonly message: string;
}

/** What a server is asked about. */
export interface Asked {
  /** Null for a token of the environment without its provider's name. */
  readonly provider: string | null;
  /** Secret. */
  readonly token: string;
  readonly details: Details | undefined;
  /** RFC 3339. */
  readonly expiresAt: string | null;
  readonly refreshable: boolean;
  /** This machine's time. */
  readonly now: Date;
}

/** Asks a Meshery Server about a credential. A token that it might renew is not sent: the new one would be lost. */
export async function askServer(server: MesheryServerClient, asked: Asked): Promise<ServerVerdict> {
  const { url } = server;
  await server.providers();
  const now = decidingTime(asked.now, server.clockSkew(), asked.details);
  if (wouldBeRenewed(asked.token, now)) return { url, accepts: null, message: keptBack(asked, now) };
  try {
    const serverName = asked.provider ?? (await onlyRemote(server));
    const answer = await server.accepts({ serverName, token: asked.token });
    if (answer.kind === "ok") return { url, accepts: true, message: "The server accepts it." };
    return { url, accepts: answer.kind === "refused" ? false : null, message: answer.message };
  } catch (error) {
    if (!isMeshauthError(error) || error.code !== "MESHAUTH_E_USAGE") throw error;
    return { url, accepts: null, message: `${error.message} ${error.why}` };
  }
}

function keptBack({ expiresAt, refreshable }: Asked, now: Date): string {
  const isOver = expiresAt !== null && Date.parse(expiresAt) <= now.getTime();
  const end = `It ${isOver ? "has ended" : "ends within a minute"}`;
  return `${end}${refreshable ? " and is renewed on use" : " and is not renewed"}; the server was not asked.`;
}
