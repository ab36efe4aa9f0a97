import type * as Now from "@meshauth/provider-api";
import type * as Format from "@meshauth/provider-api/format";
import type * as OldFormat from "./contract-1.0/format.js";
import type * as Old from "./contract-1.0/provider-api.js";

// Nothing here runs: this file is right when it compiles. What a package of contract 1.0 gives must still be taken, and
// what it gets must still be what it was promised.

/** Compares the parameters of methods, too, which TypeScript takes in either direction. */
type Strict<T> = T extends (...given: infer A) => infer R
  ? (...given: A) => R
  : { [K in keyof T]: T[K] extends (...given: infer A) => infer R ? (...given: A) => R : T[K] };

type Fits<A, B> = [Strict<A>] extends [Strict<B>] ? true : false;

/** Whether a package may go on giving what it gave. */
type Given<K extends keyof Types> = Fits<Types[K]["old"], Types[K]["now"]>;

/** Whether a package goes on getting what it got. */
type Got<K extends keyof Types> = Fits<Types[K]["now"], Types[K]["old"]>;

interface Types {
  manifest: { old: Old.ProviderManifest; now: Now.ProviderManifest };
  entry: { old: Old.ProviderEntry; now: Now.ProviderEntry };
  option: { old: Old.OptionSpec; now: Now.OptionSpec };
  provider: { old: Old.Provider; now: Now.Provider };
  credential: { old: Old.Credential; now: Now.Credential };
  token: { old: Old.TokenCredential; now: Now.TokenCredential };
  local: { old: Old.LocalCredential; now: Now.LocalCredential };
  account: { old: Old.Account; now: Now.Account };
  revocation: { old: Old.Revocation; now: Now.Revocation };
  request: { old: Old.LoginRequest; now: Now.LoginRequest };
  host: { old: Omit<Old.Host, "server" | "listen">; now: Omit<Now.Host, "server" | "listen"> };
  response: { old: Old.HostResponse; now: Now.HostResponse };
  hostRequest: { old: Old.HostRequest; now: Now.HostRequest };
  listen: { old: Old.ListenOptions<string>; now: Now.ListenOptions<string> };
  device: { old: Old.DeviceLogin<string>; now: Now.DeviceLogin<string> };
  receiver: { old: Old.Receiver<string>; now: Now.Receiver<string> };
  decision: { old: Old.Decision<string>; now: Now.Decision<string> };
  event: { old: Old.ProviderEvent; now: Now.ProviderEvent };
  choice: { old: Old.Choice; now: Now.Choice };
  server: { old: Old.MesheryServer; now: Now.MesheryServer };
  serverProvider: { old: Old.ServerProvider; now: Now.ServerProvider };
  errorCode: { old: Old.ProviderErrorCode; now: Now.ProviderErrorCode };
  errorOptions: { old: Old.ProviderErrorOptions; now: Now.ProviderErrorOptions };
}

type GivenNames = Extract<
  keyof Types,
  | ("manifest" | "entry" | "option" | "provider" | "credential" | "account" | "revocation")
  | ("hostRequest" | "listen" | "device" | "decision" | "event" | "choice" | "errorCode" | "errorOptions")
>;
type GotNames = Extract<
  keyof Types,
  | ("request" | "host" | "response" | "receiver" | "server" | "serverProvider")
  | ("token" | "local" | "account")
>;

export const given: { [K in GivenNames]: Given<K> } = {
  ...{ manifest: true, entry: true, option: true, provider: true, credential: true, account: true },
  ...{ revocation: true, hostRequest: true, listen: true, decision: true, event: true, choice: true },
  ...{ device: true, errorCode: true, errorOptions: true },
};

export const got: { [K in GotNames]: Got<K> } = {
  ...{ request: true, host: true, response: true, receiver: true, server: true, serverProvider: true },
  ...{ token: true, local: true, account: true },
};

/** What can be imported stays, and takes and gives what it did. Each copy of a class of errors has a brand of its own. */
type Kept<N, O> = {
  [K in keyof O]: K extends keyof N ? Fits<N[K], O[K]> : false;
};
type Branded = "brand" | "ProviderError" | "isProviderError" | "JsonError" | "isJsonError";
type Values = Omit<Kept<typeof Now, typeof Old>, Branded>;
type FormatValues = Omit<Kept<typeof Format, typeof OldFormat>, Branded>;
export const values: Record<keyof Values, true> = {} as Values;
export const formatValues: Record<keyof FormatValues, true> = {} as FormatValues;

export const construct: Fits<
  ConstructorParameters<typeof Old.ProviderError>,
  ConstructorParameters<typeof Now.ProviderError>
> = true;
export const error: Fits<
  Pick<Now.ProviderError, "name" | "code" | "reason" | "next" | "message">,
  Pick<Old.ProviderError, "name" | "code" | "reason" | "next" | "message">
> = true;
export const jsonError: Fits<
  Pick<Format.JsonError, "name" | "reason" | "message">,
  Pick<OldFormat.JsonError, "name" | "reason" | "message">
> = true;
export const listens: Fits<
  Awaited<ReturnType<typeof listenNow>>,
  Awaited<ReturnType<typeof listenOld>>
> = true;
declare const listenNow: (options: Old.ListenOptions<string>) => ReturnType<Now.Host["listen"]>;
declare const listenOld: (options: Old.ListenOptions<string>) => ReturnType<Old.Host["listen"]>;

// --- the comparison notices what would break a package ------------------------------------------------

// @ts-expect-error a member is gone
export const gone: Fits<Omit<Now.Host, "debug">, Old.Host> = true;
// @ts-expect-error a question needs more than it did
export const more: Fits<
  Omit<Now.Host, "ask"> & { ask(question: { message: string; kind: string }): Promise<string> },
  Old.Host
> = true;
// @ts-expect-error an answer may be missing
export const less: Fits<Omit<Now.Host, "home"> & { home?: string | undefined }, Old.Host> = true;
// @ts-expect-error an option of the manifest has become required
export const required: Fits<Old.ProviderEntry, Now.ProviderEntry & { readonly homepage: string }> = true;
// @ts-expect-error a flow is gone
export const flow: Fits<Old.Flow, Exclude<Now.Flow, "device">> = true;
// @ts-expect-error a provider must do more
export const method: Fits<Old.Provider, Now.Provider & { rename(): void }> = true;
// A member that is new and optional breaks nobody.
export const grown: Fits<Old.ProviderEntry, Now.ProviderEntry & { readonly homepage?: string }> = true;
