import type { Bench } from "../bench/bench.js";
import type { Scene } from "../bench/scene.js";
import type { Handler } from "../definition.js";
import { tryLater } from "./later-try.js";

/** What a token response has in the place of what the standard says; the other tokens in it are real. */
const ODD = [{ token_type: "unknown" }, { expires_in: "soon" }, { access_token: null }] as const;

/** Members that hold a secret. */
const TOKENS = ["access_token", "refresh_token", "id_token"] as const;

/**
 * Signs in and renews at servers whose token responses (RFC 6749 section 5.1) are odd in one member. Whatever comes of
 * it is fine; what the provider says of such an answer is written down, as of every try.
 */
export async function tryOddTokens(bench: Bench): Promise<void> {
  if ((bench.login?.fetches ?? []).length === 0) return;
  for (const odd of ODD) {
    const scene = await bench.open();
    const isOdd = makeOdd(scene, bench, odd);
    await scene.run("login");
    if (!isOdd()) return;
  }
  if (!bench.methods.includes("refresh")) return;
  for (const odd of ODD) {
    await tryLater(bench, "refresh", {}, (scene) => void makeOdd(scene, bench, odd));
  }
}

/** Puts odd servers in the place of the example's. @returns Whether an answer has been made odd. */
function makeOdd(scene: Scene, bench: Bench, odd: (typeof ODD)[number]): () => boolean {
  let made = false;
  const oddly =
    (handler: Handler): Handler =>
    async (request) => {
      const answer = await handler(request);
      const body: unknown = await answer
        .clone()
        .json()
        .catch(() => undefined);
      if (typeof body !== "object" || body === null || !("access_token" in body)) return answer;
      made = true;
      for (const name of TOKENS) {
        const value = (body as Readonly<Record<string, unknown>>)[name];
        if (typeof value === "string") bench.options.secrets.add(value);
      }
      return Response.json({ ...body, ...odd });
    };
  const servers = Object.entries(scene.example.servers ?? {});
  scene.replace(Object.fromEntries(servers.map(([origin, handler]) => [origin, oddly(handler)])));
  return () => made;
}
