import { EXIT } from "../errors/exit.js";
import { isLocalName } from "../standing.js";
import { type Check, fail, pass, skip, skipped, warn } from "./outcome.js";
import { loginOrUnset } from "./subject.js";

/** The Meshery Server of the context. */
export const serverChecks = {
  "server.reachable": async (subject) => {
    const { server, target } = subject;
    if (!server || !target) return skipped("config.context");
    const { url } = server;
    const answer = await server.reachable();
    subject.serverIsThere = answer.kind === "ok";
    if (answer.kind === "ok") return pass(`The Meshery Server at ${url} answers.`);
    // Nobody named it, by flag, variable or context, and a login does not need one.
    if (target.config.serverSource === "default") {
      return skip(`No Meshery Server is configured, and none answers at ${url}. A login does not need one.`);
    }
    const message = `The Meshery Server at ${url} does not answer: ${answer.message}`;
    return fail(EXIT.network, message, "mesheryctl system start");
  },

  "server.version": async ({ server, serverIsThere }) => {
    if (!server || !serverIsThere) return skipped("server.reachable");
    const answer = await server.version();
    if (answer.kind === "ok") return pass(`Its version is ${answer.value.build}.`);
    return warn(`It does not say its version: ${answer.message}`, "mesheryctl system status");
  },

  "server.provider-known": async (subject) => {
    const { server, serverIsThere, held } = subject;
    if (!server || !serverIsThere) return skipped("server.reachable");
    if (!held) return skipped("credential.shape");
    const answer = await server.providers();
    if (answer.kind !== "ok") {
      return warn(`It does not list its providers: ${answer.message}`, "mesheryctl system status");
    }
    const known = answer.value.find(
      ({ name, key, type }) =>
        [name, key].includes(held.serverName) || (type === "local" && isLocalName(held.serverName)),
    );
    if (!known) {
      const names = answer.value.map(({ name }) => name).join(", ") || "none";
      const message = `The server does not know the provider ${held.serverName}. It lists ${names}.`;
      const next = subject.credential ? "meshauth login" : "Correct MESHERY_PROVIDER.";
      return fail(EXIT.notAuthenticated, message, next);
    }
    if (known.url !== undefined) subject.providerUrl ??= known.url;
    return pass(`The server knows the provider ${held.serverName}.`);
  },

  "server.accepts": async (subject) => {
    const { server, serverIsThere, held, keptBack } = subject;
    if (!server || !serverIsThere) return skipped("server.reachable");
    if (!held) return skipped("credential.shape");
    if (keptBack) return skipped("credential.expiry");
    const answer = await server.accepts(held);
    if (answer.kind === "ok") return pass("The server accepts the credential.");
    if (answer.kind === "refused") return fail(EXIT.notAuthenticated, answer.message, loginOrUnset(subject));
    return fail(EXIT.network, answer.message, "mesheryctl system status");
  },
} satisfies Record<string, Check>;
