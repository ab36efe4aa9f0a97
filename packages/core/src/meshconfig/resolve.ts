import { MeshauthError } from "../errors/error.js";
import { problemsOfOther, resolveContext, resolveToken } from "./contexts.js";
import { type Draft, finish, tolerated, unusable } from "./drafts.js";
import { findPaths, type MesheryPaths } from "./folder.js";
import { type ConfigModel, EMPTY_MODEL } from "./model.js";
import { readConfig } from "./read.js";
import type { ConfigContent } from "./read-text.js";
import { selectContext } from "./select-context.js";
import { selectServer } from "./select-server.js";
import type { Meshconfig, MeshconfigInput } from "./types.js";

/**
 * Finds out by flags, environment and `config.yaml`, in that order, which context, credential file and server
 * are meant. Reads only.
 *
 * @throws MeshauthError `MESHAUTH_E_NO_HOME`; `MESHAUTH_E_CONFIG` for a file that cannot be used, with the line;
 *   `MESHAUTH_E_UNKNOWN_CONTEXT` for a context that was asked for and is not there; `MESHAUTH_E_USAGE` for an
 *   address that was given and cannot be one.
 */
export async function resolveMeshconfig(input: MeshconfigInput): Promise<Meshconfig> {
  const config = await inspectMeshconfig(input);
  for (const { fatal, message, next } of config.problems) {
    if (fatal !== undefined) throw new MeshauthError(fatal, { why: message, next: [next] });
  }
  return config;
}

/**
 * {@link resolveMeshconfig} for commands that tell or mend what is wrong: whatever the file holds, `problems`
 * tells it, and what could be read is there.
 *
 * @throws MeshauthError `MESHAUTH_E_NO_HOME`.
 */
export async function inspectMeshconfig(input: MeshconfigInput): Promise<Meshconfig> {
  const paths = findPaths(input);
  const { model, exists, empty = false, problem } = await readFile(paths);
  const contexts = model.contexts.map((entry) => resolveContext(entry, model.tokens, paths));
  // Nothing can be said about names in a file that cannot be read.
  const selected = problem ? { name: undefined } : selectContext(input, model, paths.file);
  const current = contexts.find(({ context }) => context.name === selected.name);
  const server = selectServer(input, current);
  const drafts: (Draft | undefined)[] = [
    problem,
    selected.problem,
    current?.tokenProblem,
    server.problem,
    ...contexts.filter((other) => other !== current).flatMap(problemsOfOther),
    ...namesakes(model),
    ...model.faults.map((fault) => tolerated(fault)),
  ];
  return {
    folder: paths.folder,
    file: paths.file,
    exists,
    empty,
    readable: problem === undefined,
    currentContext: current?.context.name,
    contexts: contexts.map(({ context }) => context),
    tokens: model.tokens.map((entry) => resolveToken(entry, paths)),
    credentialFile: current?.context.credentialFile ?? paths.path.join(paths.folder, "auth.json"),
    server: server.address,
    serverSource: server.source,
    problems: drafts.filter((draft) => draft !== undefined).map((draft) => finish(draft, paths.file)),
  };
}

async function readFile({ file, namedBy }: MesheryPaths): Promise<ConfigContent> {
  const content = readConfig(file);
  if (content.kind !== "text") {
    const isDefault = content.kind === "missing" && namedBy === undefined;
    if (isDefault) return { model: EMPTY_MODEL, exists: false };
    const by = namedBy === undefined ? "" : `, though ${namedBy} names it`;
    const next = namedBy === undefined ? "meshauth check" : `Correct ${namedBy}, or leave it out.`;
    const text = `it ${content.reason}${by}`;
    return {
      model: EMPTY_MODEL,
      exists: content.kind !== "missing",
      problem: unusable(text, undefined, next),
    };
  }
  // Who has no config need not wait for a parser.
  const { readText } = await import("./read-text.js");
  return await readText(content.text);
}

/** Contexts whose names differ by case only: mesheryctl takes them for one. */
function namesakes({ contexts }: ConfigModel): Draft[] {
  const seen = new Set<string>();
  return contexts.flatMap(({ name, line }) => {
    const known = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return known
      ? [
          tolerated({
            line,
            message: `the context "${name}" differs from another by case only; mesheryctl takes them for one`,
          }),
        ]
      : [];
  });
}
