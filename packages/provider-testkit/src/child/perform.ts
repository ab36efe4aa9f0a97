import { type InstalledProvider, MeshauthError, openProvider } from "@meshauth/core";
import { patience } from "../patience.js";
import type { Outcome, Plan, RunRecord, ToParent } from "../protocol.js";
import { invoke } from "./invoke.js";
import { failureOf, outcomeOf } from "./outcome.js";
import { createPerson } from "./person.js";
import type { Recorder } from "./recorder.js";
import { runtimeOf } from "./runtime.js";
import { watchHost } from "./watched-host.js";

/** More than any try takes: the parent ends those that take too long. */
const TIMEOUT_MS = 600_000;

/** How long nothing comes before the time is said to be up, in milliseconds; nothing comes later either. */
const SILENCE_MS = 30;

/** A try under way. */
export interface Performance {
  readonly record: Promise<RunRecord>;
  paste(text: string): string | undefined;
  /** The browser has brought back nothing that was taken, and will not come again. */
  browserLeft(): void;
}

/** Makes one call of the provider, with core's own host, in the circumstances of the plan. */
export function perform(
  installed: InstalledProvider,
  plan: Plan,
  recorder: Recorder,
  send: (message: ToParent) => void,
): Performance {
  const stop = new AbortController();
  const abort = (reason: "interrupted" | "timeout"): void =>
    stop.abort(new MeshauthError(reason === "timeout" ? "MESHAUTH_E_TIMEOUT" : "MESHAUTH_E_INTERRUPTED"));
  let listening: { redirectUri: string; parameters: readonly string[] } = { redirectUri: "", parameters: [] };
  let waiting = false;
  const person = createPerson(plan, recorder, (link) => send({ type: "link", link, ...listening }));
  const session = openProvider(runtimeOf(plan, person.terminal, stop.signal), {
    installed,
    server: plan.mesheryServer,
    timeout: TIMEOUT_MS,
    browser: { noBrowser: plan.noBrowser },
  });

  async function gate<T>(name: string, wait: () => Promise<T>): Promise<T> {
    const number = recorder.wait(name);
    const { stop: at } = plan;
    if (at?.at !== number) return await wait();
    if (at.moment === "after") {
      const value = await wait();
      abort(at.reason);
      return value;
    }
    setTimeout(() => abort(at.reason), at.reason === "timeout" ? SILENCE_MS : 0);
    return await new Promise<T>((_, reject) => {
      session.host.signal.addEventListener("abort", () => reject(session.host.signal.reason), { once: true });
    });
  }

  async function run(): Promise<RunRecord> {
    let own: Promise<unknown> | undefined;
    const watch = {
      plan,
      recorder,
      gate,
      onListen: (redirectUri: string, parameters: readonly string[]) => {
        listening = { redirectUri, parameters };
      },
      onWait: (now: boolean) => {
        waiting = now;
      },
    };
    const called = session.call(async (provider, host) => {
      own = invoke(provider, watchHost({ ...watch, host }), plan, recorder);
      return await own;
    });
    const ended = called.then(
      () => undefined,
      (error: unknown) => error,
    );
    const outcome = await Promise.race([ended.then(final), overdue()]);
    await session.close({ immediate: true });
    return recorder.finish(outcome);

    /** The session gives up at once when it is aborted; what counts is whether the provider does. */
    async function final(error: unknown): Promise<Outcome> {
      if (own === undefined) return failed(error);
      return await own.then((given) => outcomeOf(plan.call, given, recorder), failed);
    }
  }

  function failed(error: unknown): Outcome {
    return { kind: "failed", failure: failureOf(error, session.host.signal, recorder) };
  }

  async function overdue(): Promise<Outcome> {
    await new Promise<void>((resolve) => {
      stop.signal.addEventListener("abort", () => void patience(plan.grace).then(resolve), { once: true });
    });
    return { kind: "unsettled" };
  }

  return {
    record: run(),
    paste: (text) => person.paste(text),
    browserLeft() {
      if (waiting) abort("timeout");
    },
  };
}
