import { EXIT } from "../errors/table.js";
import { isLocalName } from "../standing.js";
import { printable } from "../text.js";
import { type Check, skipped } from "./outcome.js";
import type { CheckSubject } from "./subject.js";

/** The Meshery Server of the context. */
export const serverChecks = {
  "server.reachable": async (subject) => {
    const { server, target } = subject;
    if (!server || !target) return skipped("config.context");
    const answer = await server.reachable();
    subject.serverIsThere = answer.kind === "ok";
    if (answer.kind === "ok")
      return { result: "pass", message: `The Meshery Server at ${server.url} answers.` };
    if (!isConfigured(subject)) {
      return {
        result: "skip",
        message: `No Meshery Server is configured, and none answers at ${server.url}. A login does not need one.`,
      };
    }
    return {
      result: "fail",
      message: `The Meshery Server at ${server.url} does not answer: ${answer.message}`,
      next: "mesheryctl system start",
      exit: EXIT.network,
    };
  },

  "server.version": async ({ server, serverIsThere }) => {
    if (!server || !serverIsThere) return skipped("server.reachable");
    const answer = await server.version();
    if (answer.kind === "ok")
      return { result: "pass", message: `Its version is ${printable(answer.value.build ?? "unknown", 60)}.` };
    return {
      result: "warn",
      message: `It does not say its version: ${answer.message}`,
      next: "mesheryctl system status",
    };
  },

  "server.provider-known": async (subject) => {
    const { server, serverIsThere, held } = subject;
    if (!server || !serverIsThere) return skipped("server.reachable");
    if (!held) return skipped("credential.shape");
    const answer = await server.providers();
    if (answer.kind !== "ok") {
      return {
        result: "warn",
        message: `It does not list its providers: ${answer.message}`,
        next: "mesheryctl system status",
      };
    }
    const known = answer.value.find(
      ({ name, key, type }) =>
        [name, key].includes(held.serverName) || (type === "local" && isLocalName(held.serverName)),
    );
    if (known) {
      if (known.url !== undefined) subject.providerUrl ??= known.url;
      return { result: "pass", message: `The server knows the provider ${printable(held.serverName)}.` };
    }
    const names = answer.value.map(({ name }) => printable(name, 40)).join(", ");
    return {
      result: "fail",
      message: `The server does not know the provider ${printable(held.serverName)}. It lists ${names || "none"}.`,
      next: "meshauth login",
      exit: EXIT.notAuthenticated,
    };
  },

  "server.accepts": async ({ server, serverIsThere, held }) => {
    if (!server || !serverIsThere) return skipped("server.reachable");
    if (!held) return skipped("credential.shape");
    const answer = await server.accepts(held);
    if (answer.kind === "ok") return { result: "pass", message: "The server accepts the credential." };
    const { message } = answer;
    if (answer.kind === "refused")
      return { result: "fail", message, next: "meshauth login", exit: EXIT.notAuthenticated };
    return { result: "fail", message, next: "Try again in a few minutes.", exit: EXIT.network };
  },
} satisfies Record<string, Check>;

/** Whether somebody named the server: a flag, a variable or the context. */
function isConfigured({ target }: CheckSubject): boolean {
  return target !== undefined && target.config.serverSource !== "default";
}
