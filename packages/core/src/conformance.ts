import { isJsonObject, type JsonObject, member, readJsonObject } from "./registry/json-file.js";
import { resolveModule } from "./registry/module-file.js";
import type { InstalledProvider } from "./registry/types.js";
import { printable } from "./text.js";

/** The name under which a provider package may ship the kit's report, in its root. */
export const CONFORMANCE_FILE = "meshauth-conformance.json";

/** What became of one case. */
export interface ConformanceCase {
  /** Stable: `login.cancelled`. */
  readonly id: string;
  /** What holds when it passes, in words. */
  readonly title: string;
  readonly result: "pass" | "fail" | "skip";
  /** Why it failed or was not run, in one or more lines; null when it passed. */
  readonly reason: string | null;
}

/** What the conformance kit found out about a provider package. */
export interface ConformanceReport {
  /** The kit's version. */
  readonly kit: string;
  /** The version of the provider contract that was tested: `"1.0"`. */
  readonly contract: string;
  readonly package: string;
  readonly version: string;
  /** RFC 3339. */
  readonly at: string;
  /** Whether no case failed. */
  readonly ok: boolean;
  readonly providers: readonly { readonly id: string; readonly cases: readonly ConformanceCase[] }[];
}

/** What a package says about one provider of its own, counted from the report that it ships. Nobody vouches for it. */
export interface ConformanceStatement {
  readonly kit: string;
  readonly contract: string;
  /** The version of the package that was tested; it may be an earlier one. */
  readonly version: string;
  readonly at: string;
  /** Whether cases passed and none failed. */
  readonly ok: boolean;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const VERSION = /^[0-9A-Za-z.+-]{1,64}$/;
const MOST_PROVIDERS = 32;
const MOST_CASES = 500;

/**
 * Reads the report that a package ships. It is untrusted: what is taken of it is a few short words and numbers.
 *
 * @returns `null` when there is none, or it is not one, or it is about another package.
 */
export async function readConformance({
  root,
  package: name,
  entry,
}: Pick<InstalledProvider, "root" | "package" | "entry">): Promise<ConformanceStatement | null> {
  try {
    const path = await resolveModule(root, `./${CONFORMANCE_FILE}`);
    const report = await readJsonObject(path, CONFORMANCE_FILE);
    return member(report, "package") === name ? statementOf(report, entry.id) : null;
  } catch {
    return null;
  }
}

function statementOf(report: JsonObject, id: string): ConformanceStatement | null {
  const [kit, contract, version] = ["kit", "contract", "version"].map((key) => word(report, key));
  const at = time(member(report, "at"));
  const found = objects(member(report, "providers"), MOST_PROVIDERS).find((one) => member(one, "id") === id);
  if (kit === undefined || contract === undefined || version === undefined) return null;
  if (at === undefined || found === undefined) return null;
  const results = objects(member(found, "cases"), MOST_CASES).map((one) => member(one, "result"));
  const count = (wanted: string): number => results.filter((result) => result === wanted).length;
  const [passed, failed, skipped] = [count("pass"), count("fail"), count("skip")];
  // A result of another name is one that is not understood, and so no success.
  const ok = passed > 0 && passed + skipped === results.length;
  return { kit, contract, version, at, ok, passed, failed, skipped };
}

function objects(value: unknown, most: number): readonly JsonObject[] {
  return Array.isArray(value) && value.length <= most ? value.filter(isJsonObject) : [];
}

function word(object: JsonObject, key: string): string | undefined {
  const value = member(object, key);
  return typeof value === "string" && VERSION.test(value) ? value : undefined;
}

function time(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 40 || Number.isNaN(Date.parse(value))) return undefined;
  return printable(new Date(value).toISOString(), 40);
}
