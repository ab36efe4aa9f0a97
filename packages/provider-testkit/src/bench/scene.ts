import { toCredential, toStored } from "@meshauth/core";
import type { Credential } from "@meshauth/provider-api";
import type { Handler, LoginExample, ProviderExample, Servers } from "../definition.js";
import { patience } from "../patience.js";
import type { Breach, Call, Plan, RunRecord, ToParent } from "../protocol.js";
import { isAllowed } from "./allowed-origins.js";
import type { Bench } from "./bench.js";
import { type BrowserScript, openBrowser, secretValues, signIn, TAKEN } from "./browser.js";
import type { Gateway } from "./gateway.js";
import { type Changes, planOf } from "./plan.js";
import { changesBetween } from "./world.js";

export interface SceneParts {
  readonly example: ProviderExample;
  readonly servers: Record<string, Handler>;
  readonly gateway: Gateway;
  readonly faults: string[];
}

/** How long a browser is waited for once the login is over, in milliseconds: its last answer is on the way then. */
const BROWSER_MS = 2_000;

/** An example with its servers, in which one or more calls are tried. */
export class Scene {
  readonly example: ProviderExample;
  /** What went wrong with the example itself, in sentences. */
  readonly faults: readonly string[];
  readonly #bench: Bench;
  readonly #parts: SceneParts;

  constructor(bench: Bench, parts: SceneParts) {
    this.example = parts.example;
    this.faults = parts.faults;
    this.#bench = bench;
    this.#parts = parts;
  }

  /** All requests to the provider's servers so far. */
  get requests(): readonly string[] {
    return this.#parts.gateway.requests;
  }

  /** Puts servers in the place of those of the same origin. */
  replace(servers: Servers): void {
    Object.assign(this.#parts.servers, servers);
  }

  /** Makes one try. The script is what happens once the link is shown. */
  async run(call: Call, changes: Changes = {}, script: BrowserScript = signIn): Promise<RunRecord> {
    const { world, secrets } = this.#bench.options;
    const plan = planOf(call, changes, this.#parts, this.#bench.options);
    secrets.add(plan.request.token ?? "");
    const before = await world.snapshot();
    const child = this.#bench.childFor(call);
    const visits: Promise<void>[] = [];
    const record = await child.run(plan, {
      onLink: (message) =>
        void visits.push(this.#browse(message, changes.login ?? this.example.login, script, child)),
    });
    // The login may be over before the browser knows.
    await Promise.race([Promise.all(visits), patience(BROWSER_MS)]);
    const after = await world.snapshot();
    for (const value of record.secrets) secrets.add(value);
    if (record.outcome.kind === "done") secrets.add(record.outcome.value.credential?.token ?? "");
    this.#bench.keep(forgive(call, record), [
      ...this.#hosts(record, plan),
      ...(call === "saved"
        ? []
        : changesBetween(before, after).map((what) => ({ kind: "writes", what }) as const)),
    ]);
    return record;
  }

  /** A credential as a later call gets it: it was stored, and read again in another process. */
  async credentialFor(call: "refresh" | "revoke" | "identify"): Promise<Credential | undefined> {
    const given = this.example[call]?.credential;
    if (given) return asStored(given);
    const { outcome } = await this.run("login");
    const found = outcome.kind === "done" ? outcome.value.credential : undefined;
    if (found === undefined) return undefined;
    const { token, ...rest } = found;
    return asStored(token === "" ? { ...rest, kind: "local" } : { ...rest, kind: "token", token });
  }

  async close(): Promise<void> {
    await this.#parts.gateway.close();
  }

  async #browse(
    message: Extract<ToParent, { type: "link" }>,
    example: LoginExample,
    script: BrowserScript,
    child: ReturnType<Bench["childFor"]>,
  ): Promise<void> {
    const { secrets } = this.#bench.options;
    const browser = openBrowser({ ...message, servers: this.#parts.servers, example, child });
    let taken = false;
    try {
      await script({
        ...browser,
        async deliver(address) {
          const status = await browser.deliver(address);
          taken ||= status === TAKEN;
          return status;
        },
        async paste(text) {
          const refused = await browser.paste(text);
          taken ||= refused === null;
          return refused;
        },
        callback: async () => {
          const address = await browser.callback();
          for (const value of secretValues(address, browser.parameters)) {
            // What is in the link is no secret: a state for one.
            if (!message.link.includes(value)) secrets.add(value);
          }
          return address;
        },
      });
    } catch (error) {
      this.#parts.faults.push(error instanceof Error ? error.message : String(error));
    }
    if (!taken) child.browserLeft();
  }

  #hosts({ origins, outcome }: RunRecord, plan: Plan): Breach[] {
    const origin = outcome.kind === "done" ? outcome.value.credential?.origin : undefined;
    // Where a login asks nothing, the later calls go to the origin of its credential.
    const later = origin !== undefined && URL.canParse(origin) ? [new URL(origin).origin] : [];
    return [...new Set([...origins, ...later])]
      .filter((origin) => !isAllowed(origin, this.#bench.entry, plan))
      .map((origin) => ({
        kind: "host",
        what: `used ${origin}, which is not among the hosts of package.json`,
      }));
  }
}

/** A credential as it is read again. */
function asStored(credential: Credential): Credential {
  const { origin, settings } = credential;
  return toCredential(toStored(credential, "the example"), {
    ...(origin === undefined ? {} : { providerUrl: origin }),
    ...(settings === undefined ? {} : { settings }),
  });
}

/** Only after a login that was stored may a provider change files: those that a person named. */
function forgive(call: Call, record: RunRecord): RunRecord {
  if (call !== "saved") return record;
  return { ...record, breaches: record.breaches.filter(({ kind }) => kind !== "writes") };
}
