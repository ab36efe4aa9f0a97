import { isProviderError } from "@meshauth/provider-api";
import { toMeshauthError } from "../errors/error.js";
import { EXIT } from "../errors/table.js";
import { identify } from "../login/verify.js";
import { openProvider } from "../provider-session.js";
import { providerOf } from "../providers.js";
import { toCredential } from "../stored-credential.js";
import { printable } from "../text.js";
import { type Check, skipped } from "./outcome.js";

/** How long a provider may take for its part of the checks. */
const LIMIT_MS = 30_000;

/** The provider that the credential belongs to. */
export const providerChecks = {
  "provider.installed": (subject) => {
    const { held, details, runtime, target } = subject;
    if (!held || !target) return skipped("credential.shape");
    try {
      const provider = providerOf(runtime.registry, held.serverName, details?.provider.id);
      subject.provider = provider;
      subject.session = openProvider(runtime, {
        installed: provider,
        server: target.config.server,
        timeout: LIMIT_MS,
      });
    } catch (error) {
      const { message, next, exitCode } = toMeshauthError(error);
      return { result: "fail", message, next: next[0] ?? "meshauth provider list", exit: exitCode };
    }
    const [problem] = runtime.registry.problems;
    if (problem) {
      return {
        result: "warn",
        message: `${printable(problem.package)} is not usable: ${problem.reason}`,
        next: problem.next,
      };
    }
    const { package: name, version } = subject.provider;
    return { result: "pass", message: `${printable(held.serverName)} is handled by ${name} ${version}.` };
  },

  "provider.reachable": async ({ held, provider, session, details, providerUrl }) => {
    if (!held) return skipped("credential.shape");
    if (held.token === "") return { result: "skip", message: "A local provider is nowhere else." };
    if (!session || !provider) return skipped("provider.installed");
    const declared = provider.entry.hosts?.find((host) => host !== "configured");
    const url = details?.providerUrl ?? providerUrl ?? declared;
    if (url === undefined) return { result: "skip", message: "The provider's address is not known." };
    try {
      await session.host.fetch(url);
    } catch (error) {
      if (!isProviderError(error)) throw error;
      // A page of any size and shape is an answer.
      if (error.code !== "protocol") {
        const message = `${printable(url)} does not answer: ${printable(error.reason ?? error.message)}`;
        return { result: "fail", message, next: "Check the network and the proxy.", exit: EXIT.network };
      }
    }
    return { result: "pass", message: `${printable(url)} answers.` };
  },

  account: async ({ held, session, details, providerUrl }) => {
    if (!held) return skipped("credential.shape");
    if (held.token === "") return { result: "skip", message: "A local provider has no account." };
    if (!session) return skipped("provider.installed");
    const credential = toCredential(held, details?.providerUrl ?? providerUrl);
    try {
      const identity = await session.call((provider, host) =>
        identify(provider, host, { credential, fresh: held, skipVerify: false }),
      );
      const { account, warning } = identity;
      if (!account)
        return {
          result: "warn",
          message: warning ?? "Nobody could be asked whose account it is.",
          next: "meshauth check",
        };
      return { result: "pass", message: `The account is ${account.email ?? account.name ?? account.id}.` };
    } catch (error) {
      const { message, next, exitCode } = toMeshauthError(error);
      return { result: "fail", message, next: next[0] ?? "meshauth login", exit: exitCode };
    }
  },
} satisfies Record<string, Check>;
