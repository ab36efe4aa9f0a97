import { isProviderError } from "@meshauth/provider-api";
import { providerOfCredential } from "../credential/index.js";
import { isMeshauthError, type MeshauthError } from "../errors/error.js";
import { EXIT } from "../errors/exit.js";
import { identify, warningOf } from "../login/verify.js";
import { admit, openProvider, type ProviderSession } from "../provider-session.js";
import type { InstalledProvider } from "../registry/index.js";
import { toCredential } from "../stored-credential.js";
import { type Check, fail, failed, type Outcome, pass, skip, skipped, warn } from "./outcome.js";
import { type CheckSubject, loginOrUnset } from "./subject.js";

/** How long a provider may take for its part of the checks. */
const LIMIT_MS = 30_000;

const LOGIN = "meshauth login";

/** The provider that the credential belongs to. */
export const providerChecks = {
  "provider.installed": async (subject) => {
    const { held, details, server, runtime } = subject;
    if (!held) return skipped("credential.shape");
    const { registry } = runtime;
    try {
      subject.provider = await providerOfCredential(registry, server, held.serverName, details?.provider.id);
    } catch (error) {
      const failure = failed(error, "meshauth provider list");
      // What keeps an installed provider from being used is the cause.
      const isPlugin = isMeshauthError(error) && error.code === "MESHAUTH_E_PLUGIN";
      return isPlugin ? { ...failure, message: `${failure.message} ${error.why}` } : failure;
    }
    const refusal = await refusalOf(subject, subject.provider);
    subject.barred = refusal !== undefined;
    if (refusal?.code === "MESHAUTH_E_TAMPERED") return failed(refusal, LOGIN);
    const [problem, ...more] = registry.problems;
    if (problem) {
      const others = more.length === 0 ? "" : ` So are ${more.length} more: see meshauth provider list.`;
      return warn(`${problem.package} is not usable: ${problem.reason}${others}`, problem.next);
    }
    if (refusal) return toldOf(refusal);
    const { package: name, version } = subject.provider;
    const others = await refusalsOfOthers(subject, name);
    const tampered = others.find(({ code }) => code === "MESHAUTH_E_TAMPERED");
    if (tampered) return toldOf(tampered);
    const unused = others.length === 0 ? "" : ` ${others.map(({ message }) => message).join(" ")}`;
    return pass(`${held.serverName} is handled by ${name} ${version}.${unused}`);
  },

  "provider.reachable": async (subject) => {
    const { held, provider, details, providerUrl, runtime } = subject;
    if (!held) return skipped("credential.shape");
    if (held.token === "") return skip("A login without an account needs no provider.");
    if (!provider) return skipped("provider.installed");
    const declared = provider.entry.hosts?.find((host) => host !== "configured");
    const url = details?.providerUrl ?? providerUrl ?? declared;
    if (url === undefined) return skip("The provider's address is not known.");
    try {
      await sessionOf(subject)?.host.fetch(url);
    } catch (error) {
      runtime.signal.throwIfAborted();
      // A page of any size and shape is an answer.
      if (!isProviderError(error)) return failed(error, "meshauth check");
      if (error.code !== "protocol") {
        const message = `${url} does not answer: ${error.reason ?? error.message}`;
        return fail(EXIT.network, message, error.next[0] ?? "Check the network and the proxy.");
      }
    }
    return pass(`${url} answers.`);
  },

  account: async (subject) => {
    const { held, details, providerUrl, runtime, keptBack } = subject;
    if (!held) return skipped("credential.shape");
    if (held.token === "") return skip("A login without an account has none.");
    if (keptBack) return skipped("credential.expiry");
    if (subject.barred) return skipped("provider.installed");
    const session = sessionOf(subject);
    if (!session) return skipped("provider.installed");
    const credential = toCredential(held, {
      ...(providerUrl === undefined ? {} : { providerUrl }),
      ...details,
    });
    try {
      const { account, trouble } = await session.call((provider, host) =>
        identify(provider, host, { credential, fresh: held, skipVerify: false }),
      );
      if (account) return pass(`The account is ${account.email ?? account.name ?? account.id}.`);
      return warn(
        trouble === undefined
          ? "Nobody could be asked whose account it is."
          : warningOf({ ...trouble, next: [] }),
        trouble?.next[0] ?? "Check the network and the proxy.",
      );
    } catch (error) {
      runtime.signal.throwIfAborted();
      const failure = failed(error, LOGIN);
      if (failure.result !== "fail" || failure.next !== LOGIN) return failure;
      return { ...failure, next: loginOrUnset(subject) };
    }
  },
} satisfies Record<string, Check>;

/** Why the code of a provider may not run; `undefined` when it may. */
async function refusalOf(
  { runtime }: CheckSubject,
  provider: InstalledProvider,
): Promise<MeshauthError | undefined> {
  try {
    await admit(runtime, provider);
    return undefined;
  } catch (error) {
    runtime.signal.throwIfAborted();
    if (isMeshauthError(error)) return error;
    throw error;
  }
}

/** The same for the packages of all other providers. */
async function refusalsOfOthers(subject: CheckSubject, name: string): Promise<readonly MeshauthError[]> {
  const { providers } = subject.runtime.registry;
  const packages = new Map(providers.map((provider) => [provider.package, provider]));
  packages.delete(name);
  const found: MeshauthError[] = [];
  for (const provider of packages.values()) {
    const refusal = await refusalOf(subject, provider);
    if (refusal) found.push(refusal);
  }
  return found;
}

function toldOf({ message, why, next }: MeshauthError): Outcome {
  return warn(`${message} ${why}`, next[0] ?? "meshauth plugins");
}

/** The provider at work; its clock starts with the first check that needs it. */
function sessionOf(subject: CheckSubject): ProviderSession | undefined {
  const { provider, target, runtime } = subject;
  if (!provider || !target) return undefined;
  subject.session ??= openProvider(runtime, {
    installed: provider,
    server: target.config.server,
    timeout: LIMIT_MS,
  });
  return subject.session;
}
