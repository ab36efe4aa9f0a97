import { empty, html, json, type Outcome, text } from "../http/answer.js";
import type { Recorded } from "../http/recorded.js";

/** What a fault may refer to in its answer. */
export interface FaultContext {
  readonly request: Recorded;
  readonly cloudUrl: string;
}

/** One way of going wrong. */
export interface FaultRule {
  /** What it does, in a few words. */
  readonly summary: string;
  /** The paths that it strikes unless told otherwise; absent: every path. */
  readonly paths?: RegExp;
  /** What is answered instead. Absent: the part of the simulator that it concerns asks for it. */
  readonly answer?: (context: FaultContext) => Outcome;
}

export const page = (title: string): Outcome =>
  html(200, `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1></html>\n`);

/** An answer with status 200 and this very body, typed as Go's sniffer would. */
export const body =
  (content: string): (() => Outcome) =>
  () =>
    content === "" ? empty(200) : text(200, content);

export const failure =
  (status: number, error: string): (() => Outcome) =>
  () =>
    json(status, { error }, "application/json; charset=utf-8");

export const hang = (): Outcome => ({ kind: "hang" });
