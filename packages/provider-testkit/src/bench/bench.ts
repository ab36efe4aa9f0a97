import { beforeAbort, type InstalledProvider } from "@meshauth/core";
import type { ProviderEntry } from "@meshauth/provider-api";
import type { ExampleFactory, Limits, ProviderExample } from "../definition.js";
import type { Breach, Call, RunRecord, Said } from "../protocol.js";
import { Child } from "./child.js";
import { openGateway } from "./gateway.js";
import { placeholders } from "./placeholders.js";
import { Scene } from "./scene.js";
import type { KnownSecrets } from "./secrets.js";
import type { World } from "./world.js";

export interface BenchOptions {
  readonly installed: InstalledProvider;
  /** Absent: only what needs no knowledge of the provider can be tried. */
  readonly factory: ExampleFactory | undefined;
  readonly example: {
    /** Why there is no factory, in a sentence. */
    readonly why: string;
    /** What is wrong with the conformance file as a whole, as a clause. */
    readonly problem: string | undefined;
  };
  readonly limits: Limits;
  readonly world: World;
  readonly nowhere: string;
  readonly secrets: KnownSecrets;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/** Something seen in a case. */
export type Seen<T> = T & { readonly case: string };

/** Where one provider is tried: its processes, and all that was seen of it so far. */
export class Bench {
  readonly options: BenchOptions;
  readonly breaches: Seen<Breach>[] = [];
  readonly said: Seen<Said>[] = [];
  /** The first login that succeeded. */
  login: RunRecord | undefined;
  /** The optional functions that the provider has. */
  methods: readonly string[] = [];
  /** How many tries were made. */
  runs = 0;
  #case = "";
  readonly #children = new Map<string, Child>();
  readonly #scenes = new Set<Scene>();

  constructor(options: BenchOptions) {
    this.options = options;
  }

  get entry(): ProviderEntry {
    return this.options.installed.entry;
  }

  get hasExample(): boolean {
    return this.options.factory !== undefined;
  }

  /** The example as it is at its beginning. @throws what its function throws; the signal's reason. */
  async example(): Promise<ProviderExample> {
    const { factory, world, secrets, signal } = this.options;
    if (factory === undefined) return { login: { options: placeholders(this.entry, world.home) } };
    const tools = { home: world.home, secret: (label = "secret") => secrets.make(label) };
    return await beforeAbort(signal, async () => await factory(tools));
  }

  /** Sets everything up anew. It is taken down when the case ends. */
  async open(): Promise<Scene> {
    const example = await this.example();
    await this.options.world.reset(example.files);
    const faults: string[] = [];
    const servers = { ...example.servers };
    const gateway = await openGateway({
      servers,
      mesheryServer: example.mesheryServer,
      onFault: (what) => faults.push(`The example's server failed: ${what}`),
    });
    const scene = new Scene(this, { example, servers, gateway, faults });
    this.#scenes.add(scene);
    return scene;
  }

  /** Begins a case. */
  enter(id: string): void {
    this.#case = id;
  }

  /** Ends a case. */
  async leave(): Promise<void> {
    await Promise.all([...this.#scenes].map((scene) => scene.close()));
    this.#scenes.clear();
  }

  /** The process for a call. As in the program, a login and the later calls do not share one. */
  childFor(call: Call): Child {
    const key = call === "load" || call === "saved" ? "login" : call;
    const present = this.#children.get(key);
    if (present?.alive) return present;
    const { installed, world, limits, signal } = this.options;
    signal.throwIfAborted();
    const child = new Child({ installed, home: world.home, limit: limits.run });
    this.#children.set(key, child);
    return child;
  }

  /** Starts the processes that will be needed: they load while others work. */
  warm(): void {
    for (const call of ["refresh", "revoke", "identify"] as const) {
      if (this.methods.includes(call)) this.childFor(call);
    }
  }

  /** Whether some process has had tries that a new one would know nothing of. */
  get isUsed(): boolean {
    return [...this.#children.values()].some((child) => child.alive && !child.fresh);
  }

  /** Ends all processes; the next try begins in a new one. */
  async renew(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.close()));
    this.#children.clear();
  }

  /** Keeps what was seen of a try. */
  keep(record: RunRecord, more: readonly Breach[]): void {
    this.runs += 1;
    const found = this.#case;
    this.breaches.push(...[...record.breaches, ...more].map((breach) => ({ ...breach, case: found })));
    this.said.push(...record.said.map((said) => ({ ...said, case: found })));
  }
}
