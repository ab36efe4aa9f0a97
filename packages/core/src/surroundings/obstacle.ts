import { type Fact, type FactId, isOn, type Streams } from "./facts.js";

/** Whether a fact is among those that hold. */
export function holds(facts: readonly Fact[], id: FactId): boolean {
  return facts.some((fact) => fact.id === id && fact.holds);
}

/** Something that is so and what follows from it. */
export interface Reason {
  /** The fact that it follows from. Of `display` and the terminals it is the lack. */
  readonly because: FactId;
  /** A sentence. */
  readonly text: string;
}

/** In the order in which they are looked for. */
const OBSTACLES: readonly Reason[] = [
  {
    because: "ssh",
    text: "This is an SSH session: the browser of this machine is not the one in front of you.",
  },
  { because: "wsl", text: "WSL cannot start Windows programs here." },
  { because: "codespaces", text: "A codespace has no browser of its own." },
  { because: "dev-container", text: "A dev container has no browser of its own." },
  { because: "kubernetes", text: "No browser is opened from a pod; MESHAUTH_BROWSER can name one." },
  { because: "container", text: "No browser is opened from a container; MESHAUTH_BROWSER can name one." },
];

/** Why no browser is opened where none is named; `undefined` when one is. */
export function obstacleOf(facts: readonly Fact[]): Reason | undefined {
  const found = OBSTACLES.find(({ because }) => holds(facts, because));
  if (found?.because === "wsl" && holds(facts, "wsl-interop")) return undefined;
  if (found !== undefined || holds(facts, "display")) return found;
  return { because: "display", text: "This machine has no display." };
}

/** What decides whether a person can be asked. */
export interface Asking {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly streams: Streams;
  /** The flag that forbids questions, where one was given. */
  readonly noInput: string | undefined;
}

/**
 * Why nobody can be asked; `undefined` when questions can be asked: both ends are terminals, `CI` is
 * unset and nothing forbids it.
 */
export function silenceOf({ env, streams, noInput }: Asking): Reason | undefined {
  if (noInput) return { because: "no-input", text: `${noInput} forbids questions.` };
  if (isOn(env["CI"])) return { because: "ci", text: "CI is set, so nobody is asked." };
  if (!streams.stdin) return { because: "stdin-terminal", text: "Standard input is no terminal." };
  if (!streams.stderr) return { because: "stderr-terminal", text: "Standard error is no terminal." };
  return undefined;
}
