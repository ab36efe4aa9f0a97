import { isJsonObject, type JsonObject, member, printable } from "@meshauth/core";
import { isUnreachable, npmErrorOf } from "./npm-failure.js";
import { timedAnswer } from "./npm-time.js";
import type { PluginWork } from "./work.js";

/** What a registry tells of a package's version. */
export interface RegistryFacts {
  /** Where its tarballs are; null when it does not say. */
  readonly registry: string | null;
  /** The registry's user that published this version. */
  readonly publisher: string | null;
  /** The registry's users that may publish the next one. */
  readonly maintainers: readonly string[];
  /** When this version was published, RFC 3339. */
  readonly published: string | null;
  /** When the first one was. */
  readonly firstPublished: string | null;
  readonly integrity: string | null;
  /** Whether there is a signature of the registry. */
  readonly signed: boolean;
}

/** Asks the registry about a version of a package: `npm view`. @returns Why it does not tell, as a sentence without its full stop. */
export async function registryFacts(
  name: string,
  version: string,
  folder: string,
  work: Pick<PluginWork, "npm" | "signal">,
): Promise<RegistryFacts | string> {
  const answer = await timedAnswer(work, "view", [`${name}@${version}`], folder);
  if (typeof answer === "string") return answer;
  const failure = npmErrorOf(answer.stdout);
  if (failure)
    return isUnreachable(failure.code)
      ? `the registry cannot be reached (${printable(failure.code, 40)})`
      : `the registry does not tell (${printable(failure.code || failure.summary, 60)})`;
  try {
    const value: unknown = JSON.parse(answer.stdout);
    if (isJsonObject(value)) return factsOf(value, version);
  } catch {
    // As below.
  }
  return "the registry's answer makes no sense";
}

function factsOf(document: JsonObject, version: string): RegistryFacts {
  const [dist, times] = [objectOf(document, "dist"), objectOf(document, "time")];
  const signatures = member(dist, "signatures");
  const maintainers = member(document, "maintainers");
  const all = Object.entries(times).flatMap(([key, time]) =>
    key === "modified" ? [] : (timeOf(time) ?? []),
  );
  const integrity = member(dist, "integrity");
  return {
    registry: originOf(member(dist, "tarball")),
    publisher: userOf(member(document, "_npmUser")),
    maintainers: (Array.isArray(maintainers) ? maintainers : [maintainers]).flatMap(
      (user) => userOf(user) ?? [],
    ),
    published: timeOf(member(times, version)) ?? null,
    firstPublished: all.sort()[0] ?? null,
    integrity: typeof integrity === "string" ? integrity : null,
    signed: Array.isArray(signatures) && signatures.length > 0,
  };
}

function objectOf(document: JsonObject, key: string): JsonObject {
  const value = member(document, key);
  return isJsonObject(value) ? value : {};
}

/** A registry's user, as npm prints one: `name <address>`, or an object. */
function userOf(user: unknown): string | null {
  const name = isJsonObject(user) ? member(user, "name") : user;
  if (typeof name !== "string") return null;
  const text = printable(name.replace(/\s*<[^>]*>\s*$/, ""), 60);
  return text === "" ? null : text;
}

function timeOf(time: unknown): string | undefined {
  if (typeof time !== "string" || Number.isNaN(Date.parse(time))) return undefined;
  return new Date(time).toISOString();
}

function originOf(url: unknown): string | null {
  if (typeof url !== "string" || !URL.canParse(url)) return null;
  const { origin } = new URL(url);
  return origin === "null" ? null : origin;
}
