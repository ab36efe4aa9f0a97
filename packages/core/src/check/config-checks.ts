import { ERRORS } from "../errors/table.js";
import { absenceOf, type Meshconfig, type MeshconfigProblem } from "../meshconfig/index.js";
import { inspectTarget, openServer } from "../target.js";
import { type Check, fail, type Outcome, pass, skipped, warn } from "./outcome.js";

/** config.yaml and the context in force. */
export const configChecks = {
  "config.readable": async (subject) => {
    const { runtime, flags } = subject;
    const target = await inspectTarget(runtime, flags);
    const { config } = target;
    const outcome = judge(
      config,
      "file",
      config.exists ? `${config.file} can be read.` : `${absenceOf(config)}; the defaults hold.`,
    );
    if (outcome.result !== "fail") {
      subject.target = target;
      subject.server = openServer(runtime, config.server);
    }
    return outcome;
  },

  "config.context": (subject) => {
    if (!subject.target) return skipped("config.readable");
    const { config, context } = subject.target;
    const found = context
      ? `The context is ${context.name}, with ${config.server}.`
      : "No context is configured; the defaults hold.";
    const outcome = judge(config, "context", found);
    // Without a context nobody knows which file and which server the later checks are about.
    if (outcome.result === "fail") {
      delete subject.target;
      delete subject.server;
    }
    return outcome;
  },
} satisfies Record<string, Check>;

function judge({ problems }: Meshconfig, about: MeshconfigProblem["about"], found: string): Outcome {
  const concerned = problems.filter(
    (problem) => problem.about === about || (about === "context" && problem.about === "server"),
  );
  for (const { fatal, message, next } of concerned) {
    if (fatal !== undefined) return fail(ERRORS[fatal].exit, message, next);
  }
  const [problem] = concerned;
  return problem ? warn(problem.message, problem.next) : pass(found);
}
