import { isMeshauthError, toMeshauthError } from "../errors/error.js";
import { EXIT } from "../errors/table.js";
import { openServer, resolveTarget } from "../target.js";
import { type Check, skipped } from "./outcome.js";

/** config.yaml and the context in force. */
export const configChecks = {
  "config.readable": async (subject) => {
    try {
      subject.target = await resolveTarget(subject.runtime, subject.flags);
      subject.server = openServer(subject.runtime, subject.target.config.server);
    } catch (error) {
      const { message, why, next, exitCode, code } = toMeshauthError(error);
      // The file could be read: which context is meant is the next check's matter.
      if (code === "MESHAUTH_E_UNKNOWN_CONTEXT") {
        subject.contextError = {
          message: `${message} ${why}`,
          next: next[0] ?? "meshauth status",
          exit: exitCode,
        };
        return { result: "pass", message: "config.yaml can be read." };
      }
      if (!isMeshauthError(error)) throw error;
      return {
        result: "fail",
        message: `${message} ${why}`,
        next: next[0] ?? "meshauth help",
        exit: exitCode,
      };
    }
    const { file, exists, problems } = subject.target.config;
    if (!exists) return { result: "pass", message: `There is no ${file}; the defaults hold.` };
    const [problem] = problems;
    if (problem) return { result: "warn", message: problem.message, next: problem.next };
    return { result: "pass", message: `${file} can be read.` };
  },

  "config.context": (subject) => {
    const { target, contextError } = subject;
    if (contextError) return { result: "fail", ...contextError };
    if (!target) return skipped("config.readable");
    const { config, context } = target;
    if (!config.exists) return { result: "pass", message: "No context is configured; the defaults hold." };
    if (context) return { result: "pass", message: `The context is ${context.name}, with ${config.server}.` };
    return {
      result: "fail",
      message: "config.yaml names no current context.",
      next: "mesheryctl system context switch NAME",
      exit: EXIT.usage,
    };
  },
} satisfies Record<string, Check>;
