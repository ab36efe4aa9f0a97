import {
  type DeviceLogin,
  type Host,
  type HostRequest,
  type HostResponse,
  type ListenOptions,
  type MesheryServer,
  ProviderError,
  type ProviderEvent,
  type Receiver,
  type ServerAnswer,
} from "@meshauth/provider-api";
import { openFakeReceiver } from "./fake-receiver.js";

/** Answers a person gives, in their order. */
export interface Answers {
  readonly ask?: readonly string[];
  readonly confirm?: readonly boolean[];
  readonly choose?: readonly string[];
}

export interface FakeHostOptions {
  readonly interactive?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly home?: string;
  readonly now?: Date;
  readonly stdin?: Uint8Array | string;
  readonly server?: Partial<MesheryServer>;
  readonly answers?: Answers;
  /** What happens once the link is shown. Absent: `listen` fails as without a browser. */
  readonly browser?: (link: URL, paste: (text: string) => string | undefined) => Promise<void>;
}

/** A host for unit tests: real HTTP and a real listener, a scripted person. */
export interface FakeHost extends Host {
  readonly events: ProviderEvent[];
  readonly secrets: Set<string>;
  /** Every question, in order. */
  readonly questions: string[];
  /** Choices offered by `choose`. */
  readonly offered: { readonly value: string; readonly label: string; readonly hint?: string }[];
  readonly links: URL[];
  readonly hints: string[];
  /** What was called, in order: `listen`, `providers`, `token`, `user`, and addresses of fetches. */
  readonly calls: string[];
  warnings(): string[];
  steps(): string[];
}

const NO_SERVER: ServerAnswer<never> = { kind: "unavailable", message: "nothing listens there" };

export function fakeHost(options: FakeHostOptions = {}): FakeHost {
  const answers = {
    ask: [...(options.answers?.ask ?? [])],
    confirm: [...(options.answers?.confirm ?? [])],
    choose: [...(options.answers?.choose ?? [])],
  };
  const host: Omit<FakeHost, keyof Host> & { -readonly [K in keyof Host]?: Host[K] } = {
    events: [],
    secrets: new Set(),
    questions: [],
    offered: [],
    links: [],
    hints: [],
    calls: [],
    warnings: () => host.events.filter(({ type }) => type === "warning").map(({ message }) => message),
    steps: () => host.events.filter(({ type }) => type === "step").map(({ message }) => message),
  };
  const { calls, questions } = host;
  const next = <T>(queue: T[], question: string): T => {
    questions.push(question);
    if (!(options.interactive ?? false)) throw new Error(`asked without a terminal: ${question}`);
    const answer = queue.shift();
    if (answer === undefined) throw new Error(`unexpected question: ${question}`);
    return answer;
  };
  const counted =
    <A extends unknown[], R>(name: string, call: ((...args: A) => Promise<R>) | undefined, otherwise: R) =>
    async (...args: A): Promise<R> => {
      calls.push(name);
      return call ? call(...args) : otherwise;
    };
  const { server = {} } = options;

  return Object.assign(host, {
    signal: AbortSignal.timeout(20_000),
    interactive: options.interactive ?? false,
    env: options.env ?? {},
    home: options.home,
    server: {
      url: server.url ?? "http://localhost:9081",
      providers: counted("providers", server.providers, NO_SERVER),
      token: counted("token", server.token, NO_SERVER),
      user: counted("user", server.user, NO_SERVER),
    },
    now: () => options.now ?? new Date(),
    fetch: (url: string | URL, init?: HostRequest) => {
      calls.push(String(url));
      return plainFetch(url, init);
    },
    async device<T>({ link, poll }: DeviceLogin<T>): Promise<T> {
      calls.push("device");
      host.links.push(new URL(link));
      return await poll(AbortSignal.timeout(20_000));
    },
    wantsBrowser: async () => options.browser !== undefined,
    async listen<T>(listen: ListenOptions<T>): Promise<Receiver<T>> {
      calls.push("listen");
      const { browser } = options;
      if (!browser) throw new ProviderError("interaction", "No browser can be opened.");
      const receiver = await openFakeReceiver(listen);
      return {
        redirectUri: receiver.redirectUri,
        state: receiver.state,
        async wait(link, hint) {
          host.links.push(new URL(link));
          host.hints.push(hint ?? "");
          try {
            const gaveUp = browser(new URL(link), receiver.paste).then(() => {
              throw new Error("the browser is done and nothing was accepted");
            });
            return await Promise.race([receiver.outcome, gaveUp]);
          } finally {
            await receiver.close();
          }
        },
        close: receiver.close,
      };
    },
    ask: async ({ message }: { message: string }) => next(answers.ask, message),
    confirm: async ({ message }: { message: string }) => next(answers.confirm, message),
    choose: async ({ message, choices }: Parameters<Host["choose"]>[0]) => {
      host.offered.push(...choices);
      return next(answers.choose, message);
    },
    async readStdin(limit: number) {
      const bytes = Buffer.from(options.stdin ?? "");
      if (bytes.length > limit) throw new ProviderError("input", "Standard input holds too much.");
      return bytes;
    },
    report: (event: ProviderEvent) => void host.events.push(event),
    secret: (value: string) => void host.secrets.add(value),
    debug: () => {},
  });
}

/** `fetch` as the contract has it, to loopback only. */
export async function plainFetch(url: string | URL, init: HostRequest = {}): Promise<HostResponse> {
  const { hostname } = new URL(url);
  if (!["127.0.0.1", "localhost", "[::1]"].includes(hostname)) {
    throw new ProviderError("unreachable", `${hostname} is not on this machine.`);
  }
  const { timeout = 5_000, ...rest } = init;
  try {
    const response = await fetch(url, { ...rest, redirect: "manual", signal: AbortSignal.timeout(timeout) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => parse(text) };
  } catch (cause) {
    throw new ProviderError("unreachable", `${hostname} does not answer.`, { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProviderError("protocol", "The answer is not JSON.", { cause });
  }
}
