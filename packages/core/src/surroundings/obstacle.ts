import { type Fact, type FactId, isOn } from "./facts.js";

/** Whether a fact is among those that hold. */
export function holds(facts: readonly Fact[], id: FactId): boolean {
  return facts.some((fact) => fact.id === id && fact.holds);
}

/** Why no browser is opened where none is named, in a sentence; `undefined` when one is. */
export function obstacleOf(facts: readonly Fact[]): string | undefined {
  const so = (id: FactId): boolean => holds(facts, id);
  if (so("ssh")) return "This is an SSH session: the browser of this machine is not the one in front of you.";
  if (so("wsl")) return so("wsl-interop") ? undefined : "WSL cannot start Windows programs here.";
  if (so("codespaces")) return "A codespace has no browser of its own.";
  if (so("dev-container")) return "A dev container has no browser of its own.";
  if (so("kubernetes")) return "No browser is opened from a pod; MESHAUTH_BROWSER can name one.";
  if (so("container")) return "No browser is opened from a container; MESHAUTH_BROWSER can name one.";
  return so("display") ? undefined : "This machine has no display.";
}

/** Why nobody can be asked, in a sentence; `undefined` when questions can be asked. */
export function silenceOf(
  facts: readonly Fact[],
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (holds(facts, "no-input")) return "--no-input forbids questions.";
  if (isOn(env["CI"])) return "CI is set, so nobody is asked.";
  if (!holds(facts, "stdin-terminal")) return "Standard input is no terminal.";
  return holds(facts, "stderr-terminal") ? undefined : "Standard error is no terminal.";
}
