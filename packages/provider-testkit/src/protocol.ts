import type { InstalledProvider } from "@meshauth/core";
import type { Account, Credential, LoginRequest, Revocation } from "@meshauth/provider-api";
import type { Answers } from "./definition.js";

/** What the child is asked to call; `load` only imports the provider. */
export type Call = "load" | "login" | "saved" | "refresh" | "revoke" | "identify";

/** The functions that a provider may leave out. */
export const OPTIONAL_CALLS = ["refresh", "revoke", "identify", "saved"] as const;

/** How a server misbehaves. */
export type FaultKind = "down" | "silent" | "slow" | "error" | "redirect" | "html" | "huge" | "empty" | "cut";

/** The fault begins with this request, counted from 1, and stays. */
export interface Fault {
  readonly kind: FaultKind;
  readonly at: number;
}

/** The call is aborted at its n-th wait for the host, counted from 1. */
export interface Stop {
  readonly at: number;
  /** `during`: the wait gets no answer. `after`: it got one, right before. */
  readonly moment: "during" | "after";
  /** The person leaves, or the time is up. */
  readonly reason: "interrupted" | "timeout";
}

/** One try of one call: everything in it can be sent to another process. */
export interface Plan {
  readonly call: Call;
  /** For `login` and `saved`. */
  readonly request: LoginRequest;
  /** For the others. */
  readonly credential?: Credential;
  /** `leaves`: every question ends with the person gone, as by the end of input. */
  readonly person: "there" | "absent" | "leaves";
  readonly answers: Answers;
  /** Base64. */
  readonly stdin: string;
  /** As with `--no-browser`: a link is shown, and somebody opens it. */
  readonly noBrowser: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  /** Where requests to `origins` are sent instead. */
  readonly gateway: string;
  readonly origins: readonly string[];
  /** An address at which nothing listens. */
  readonly nowhere: string;
  readonly mesheryServer: string;
  /** Ask the provider about callbacks that make no sense, before the browser comes. */
  readonly probe: boolean;
  readonly stop?: Stop;
  readonly fault?: Fault;
  /** Milliseconds that the provider may take to end once it is aborted. */
  readonly grace: number;
}

/** An error in words. */
export interface Failure {
  /** `provider`: a `ProviderError` of a known code; `host`: what the host itself threw; anything else is a defect. */
  readonly class: "provider" | "host" | "defect";
  readonly code: string;
  readonly message: string;
}

/** What a call gave, reduced to what is looked at. */
export interface Value {
  readonly credential?: {
    readonly serverName: string;
    readonly token: string;
    readonly kind: string;
    readonly origin?: string;
    readonly settings?: Readonly<Record<string, string>>;
    readonly members?: Readonly<Record<string, string>>;
  };
  readonly account?: Account;
  readonly revocation?: Revocation;
  /** What `load` found. */
  readonly methods?: readonly string[];
}

/** How a try ended. */
export type Outcome =
  | { readonly kind: "done"; readonly value: Value }
  /** It gave something that cannot be used; `why` completes "it gave …". */
  | { readonly kind: "unfit"; readonly why: string }
  | { readonly kind: "failed"; readonly failure: Failure }
  /** Aborted, and still running when its grace was over. */
  | { readonly kind: "unsettled" }
  /** The process had to be killed. */
  | { readonly kind: "hung"; readonly milliseconds: number }
  | { readonly kind: "exited"; readonly how: string };

/** Something that no provider may do, whatever comes of the call. */
export interface Breach {
  readonly kind: "prints" | "writes" | "connects" | "starts" | "strays" | "host";
  /** Completes "it …". */
  readonly what: string;
}

/** Text of the provider that a person or a log may see. */
export interface Said {
  /** Where it would be seen: `warning`, `debug`, `error`. */
  readonly where: string;
  readonly text: string;
}

/** All that was seen of one try. */
export interface RunRecord {
  readonly outcome: Outcome;
  /** Host functions that were waited for, in order. */
  readonly waits: readonly string[];
  /** Requests through `Host.fetch`, as `GET https://login.acme.example/me`. */
  readonly fetches: readonly string[];
  /** Origins of `Host.fetch` and of links for the browser. */
  readonly origins: readonly string[];
  readonly said: readonly Said[];
  /** What the provider or the person named a secret. */
  readonly secrets: readonly string[];
  readonly optionsRead: readonly string[];
  readonly breaches: readonly Breach[];
  /** What `accept` and `acceptPasted` did that they must not; completes "it …". */
  readonly decisions: readonly string[];
  /** Questions that the example has no answer to. */
  readonly unanswered: readonly string[];
}

export type ToChild =
  | { readonly type: "start"; readonly installed: InstalledProvider }
  | { readonly type: "run"; readonly id: number; readonly plan: Plan }
  | { readonly type: "paste"; readonly text: string }
  /** The browser has brought back nothing that was taken, and will not come again. */
  | { readonly type: "browser-left" };

export type ToParent =
  /** The kit is loaded; nothing of the provider is. */
  | { readonly type: "ready" }
  | {
      readonly type: "link";
      readonly link: string;
      readonly redirectUri: string;
      readonly parameters: readonly string[];
    }
  /** Why a pasted text was refused; null when it was taken. */
  | { readonly type: "pasted"; readonly refused: string | null }
  | { readonly type: "record"; readonly id: number; readonly record: RunRecord };

/** What the child prints at the end of a try, on both streams. */
export function endMark(id: number): string {
  return `\n--meshauth-conformance-${id}--\n`;
}
