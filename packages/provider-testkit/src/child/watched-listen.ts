import type { Decision, Host, ListenOptions, Receiver } from "@meshauth/provider-api";
import type { Plan } from "../protocol.js";
import type { Recorder } from "./recorder.js";
import type { Gate } from "./watched-host.js";

/** What is needed to watch a browser login. */
export interface ListenWatch {
  readonly host: Host;
  readonly plan: Plan;
  readonly recorder: Recorder;
  readonly gate: Gate;
  /** Told when the receiver is there, before its link is shown. */
  readonly onListen: (redirectUri: string, parameters: readonly string[]) => void;
  /** Told when the wait for the browser begins and ends. */
  readonly onWait: (waiting: boolean) => void;
}

/** Values that may come to the callback address: from a browser that was led astray, or from somebody else. */
const STRANGE = [
  "",
  "x",
  "\u0000\u001b[31m\u202e",
  "%00",
  "ä".repeat(10_000),
  "[object Object]",
  "../../etc",
];

/** Opens the receiver, and looks at how the provider decides about what comes to it. */
export async function watchListen<T>(watch: ListenWatch, options: ListenOptions<T>): Promise<Receiver<T>> {
  const { host, recorder, gate } = watch;
  const accept = (parameters: ReadonlyMap<string, string>): Decision<T> =>
    decide(recorder, "accept", () => options.accept(parameters));
  const { acceptPasted } = options;
  const receiver = await host.listen<T>({
    ...options,
    accept,
    ...(acceptPasted === undefined
      ? {}
      : { acceptPasted: (text) => decide(recorder, "acceptPasted", () => acceptPasted(text)) }),
  });
  watch.onListen(receiver.redirectUri, [...options.parameters]);
  return {
    redirectUri: receiver.redirectUri,
    state: receiver.state,
    async wait(link, hint) {
      recorder.say("link", link);
      if (hint !== undefined) recorder.say("hint", hint);
      if (URL.canParse(String(link))) recorder.origin(new URL(String(link)).origin);
      if (watch.plan.probe) probe(options, recorder);
      watch.onWait(true);
      try {
        return await gate("wait", () => receiver.wait(link, hint));
      } finally {
        watch.onWait(false);
      }
    },
    close: () => receiver.close(),
  };
}

/** Asks the provider about answers that make no sense: it has to say so, and must not fail on them. */
function probe<T>(options: ListenOptions<T>, recorder: Recorder): void {
  const maps = [
    new Map<string, string>(),
    ...STRANGE.map((value) => new Map(options.parameters.map((name) => [name, value]))),
  ];
  for (const parameters of maps) attempt(() => decide(recorder, "accept", () => options.accept(parameters)));
  const { acceptPasted } = options;
  if (acceptPasted === undefined) return;
  for (const text of STRANGE) attempt(() => decide(recorder, "acceptPasted", () => acceptPasted(text)));
}

/** What was thrown has been written down. */
function attempt(decision: () => unknown): void {
  try {
    decision();
  } catch {}
}

function decide<T>(recorder: Recorder, name: string, decision: () => Decision<T>): Decision<T> {
  try {
    const made = decision();
    const kind: unknown = (made as { kind?: unknown } | null | undefined)?.kind;
    if (kind === "accept") return made;
    if (kind === "refuse" || kind === "fail") {
      const { reason } = made as { reason?: unknown };
      if (typeof reason !== "string") recorder.decision(`gave no reason with "${kind}" in ${name}`);
      else recorder.say(`reason of ${name}`, reason);
      return made;
    }
    recorder.decision(
      made instanceof Promise ? `gave a promise from ${name}` : `gave no decision from ${name}`,
    );
    // What comes of the promise is nobody's.
    if (made instanceof Promise) made.catch(() => undefined);
    return made;
  } catch (error) {
    recorder.decision(`threw in ${name}`);
    throw error;
  }
}
