import { relative, resolve } from "node:path";
import { type Runtime, typedWord } from "@meshauth/core";
import { type Facts, factsFrom, type Wishes } from "./facts.js";
import { FLOWS, SCAFFOLD_FLOWS, type ScaffoldFlow } from "./flows.js";
import type { Licence } from "./licence.js";
import { requireFreeNames } from "./names-taken.js";
import type { Ranges } from "./package-json.js";
import { renderPackage } from "./render.js";
import { writeTree } from "./write.js";

/** What was asked for on the command line. */
export interface NewProviderInput extends Omit<Wishes, "flow"> {
  /** Absent: asked for, or the browser. */
  readonly flow: ScaffoldFlow | undefined;
  /** Relative to the working folder. Absent: a folder in it, named like the package. */
  readonly directory: string | undefined;
}

/** What the program is, as far as a new package follows it. */
export interface Program {
  /** Its folder. */
  readonly root: string;
  /** The packages that are its own, with the ranges of those that it depends on. */
  readonly ranges: Ranges;
  readonly packages: readonly string[];
}

/** The document of `provider new --json`. */
export interface NewProvider {
  readonly package: string;
  readonly id: string;
  readonly title: string;
  readonly flow: ScaffoldFlow;
  readonly host: string;
  readonly license: Licence;
  readonly directory: string;
  readonly files: readonly string[];
  /** Commands, in order, for the working folder. */
  readonly next: readonly string[];
}

/**
 * Makes a provider package in a new folder. Needs no network.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE` for names that cannot be, or a folder that is in use; `MESHAUTH_E_STORE`
 *   when it cannot be written.
 */
export async function createProvider(
  runtime: Pick<Runtime, "cwd" | "registry" | "terminal" | "signal" | "now">,
  input: NewProviderInput,
  { root, ranges, packages }: Program,
): Promise<NewProvider> {
  // What cannot be is said before anything is asked.
  const wanted = { ...input, flow: input.flow ?? "browser" };
  requireFreeNames(factsFrom(wanted), { registry: runtime.registry, packages });
  const facts = factsFrom({ ...wanted, flow: input.flow ?? (await askFlow(runtime)) });
  const files = await renderPackage(facts, { root, ranges, year: runtime.now().getFullYear() });
  const directory = resolve(runtime.cwd, input.directory ?? facts.folder);
  await writeTree(directory, files, {
    signal: runtime.signal,
    elsewhere: `meshauth provider new ${typedWord(input.name)} --directory DIR`,
  });
  return {
    package: facts.package,
    id: facts.id,
    title: facts.title,
    flow: facts.flow,
    host: facts.host,
    license: facts.licence,
    directory,
    files: [...files.keys()],
    next: nextSteps(facts, runtime.cwd, directory),
  };
}

async function askFlow({ terminal, signal }: Pick<Runtime, "terminal" | "signal">): Promise<ScaffoldFlow> {
  if (!terminal.interactive) return "browser";
  const width = Math.max(...SCAFFOLD_FLOWS.map((flow) => flow.length));
  const choices = SCAFFOLD_FLOWS.map((flow) => ({
    value: flow,
    label: `${flow.padEnd(width)}  ${FLOWS[flow].label}`,
  }));
  const answer = await terminal.choose({ message: "How do people sign in?", choices }, signal);
  return SCAFFOLD_FLOWS.find((flow) => flow === answer) ?? "browser";
}

function nextSteps({ flow, id }: Facts, cwd: string, directory: string): string[] {
  const path = relative(cwd, directory);
  const inside = path === "" || !path.startsWith("..") ? path : directory;
  return [
    ...(inside === "" ? [] : [`cd ${typedWord(inside)}`]),
    "npm install",
    "npm test",
    "npm run server",
    "meshauth plugins link .",
    FLOWS[flow].tryCommand.replaceAll("{{id}}", id),
  ];
}
