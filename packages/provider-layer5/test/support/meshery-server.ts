import type {
  Account,
  MesheryServer,
  ServerAnswer,
  ServerCredential,
  ServerProvider,
} from "@meshauth/provider-api";
import { plainFetch } from "../../../provider-api/test/support/fake-host.js";

type Json = Readonly<Record<string, unknown>>;

/** Enough of a client for a Meshery Server to let a provider meet one. */
export function mesheryServer(url: string): MesheryServer {
  async function get(path: string, credential?: ServerCredential): Promise<ServerAnswer<Json>> {
    const headers: Record<string, string> = credential
      ? { Cookie: `token=${credential.token}; meshery-provider=${credential.serverName}` }
      : {};
    const answer = await plainFetch(`${url}${path}`, { headers }).catch(() => undefined);
    const location = answer?.headers.get("location") ?? "";
    if (location.startsWith("/provider")) return refused("unknown-provider");
    if (answer?.status === 302) return refused("bad-token");
    try {
      if (answer?.status === 200) return { kind: "ok", value: answer.json() as Json };
    } catch {
      // Falls through: no JSON is no answer.
    }
    return { kind: "unavailable", message: `no usable answer from ${path}` };
  }

  return {
    url,
    async providers() {
      const answer = await get("/api/providers");
      if (answer.kind !== "ok") return answer;
      return { kind: "ok", value: Object.entries(answer.value).map(toProvider) };
    },
    async token(credential) {
      const answer = await get("/api/token", credential);
      if (answer.kind !== "ok") return answer;
      const { "meshery-provider": serverName, token, ...members } = answer.value as Record<string, string>;
      if (!serverName || !token) return { kind: "unavailable", message: "what came is no credential" };
      return { kind: "ok", value: { serverName, token, members } };
    },
    async user(credential) {
      const answer = await get("/api/user", credential);
      return answer.kind === "ok"
        ? { kind: "ok", value: { id: String(answer.value["id"]) } satisfies Account }
        : answer;
    },
  };
}

function toProvider([key, value]: [string, unknown]): ServerProvider {
  const entry = value as Readonly<Record<string, string | undefined>>;
  const url = entry["provider_url"] ?? entry["providerUrl"];
  return {
    key,
    name: entry["provider_name"] ?? entry["providerName"] ?? key,
    type: (entry["provider_type"] ?? entry["providerType"]) === "local" ? "local" : "remote",
    ...(url === undefined ? {} : { url }),
  };
}

function refused(why: "bad-token" | "unknown-provider"): ServerAnswer<never> {
  return { kind: "refused", why, message: `the server says ${why}` };
}
