import type { Breach, Outcome, RunRecord, Said } from "../protocol.js";

/** No provider has that much to say; what is beyond is dropped. */
const MOST = 500;
const LONGEST = 4_000;

/** Collects what is seen of one try. */
export class Recorder {
  readonly #waits: string[] = [];
  readonly #fetches: string[] = [];
  readonly #origins = new Set<string>();
  readonly #said: Said[] = [];
  readonly #secrets = new Set<string>();
  readonly #options = new Set<string>();
  readonly #breaches = new Map<string, Breach>();
  readonly #decisions = new Set<string>();
  readonly #unanswered: string[] = [];

  /** Counts a wait for the host. @returns Its number, from 1. */
  wait(name: string): number {
    return this.#waits.push(name);
  }

  /** Counts a request. @returns Its number, from 1. */
  fetch(line: string): number {
    return this.#fetches.push(line);
  }

  origin(origin: string): void {
    this.#origins.add(origin);
  }

  say(where: string, text: unknown): void {
    if (this.#said.length < MOST) this.#said.push({ where, text: String(text).slice(0, LONGEST) });
  }

  secret(value: unknown): void {
    if (typeof value === "string" && this.#secrets.size < MOST) this.#secrets.add(value);
  }

  optionRead(name: string): void {
    this.#options.add(name);
  }

  breach(kind: Breach["kind"], what: string): void {
    if (this.#breaches.size < MOST) this.#breaches.set(`${kind} ${what}`, { kind, what });
  }

  decision(what: string): void {
    this.#decisions.add(what);
  }

  unanswered(question: string): void {
    this.#unanswered.push(question);
  }

  breaches(): Breach[] {
    return [...this.#breaches.values()];
  }

  finish(outcome: Outcome): RunRecord {
    return {
      outcome,
      waits: this.#waits.slice(0, MOST),
      fetches: this.#fetches.slice(0, MOST),
      origins: [...this.#origins].slice(0, MOST),
      said: this.#said,
      secrets: [...this.#secrets],
      optionsRead: [...this.#options].slice(0, MOST),
      breaches: this.breaches(),
      decisions: [...this.#decisions].slice(0, MOST),
      unanswered: this.#unanswered.slice(0, MOST),
    };
  }
}
