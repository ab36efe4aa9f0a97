import {
  type Account,
  type Credential,
  type Decision,
  defineProvider,
  type Host,
  type HostResponse,
  isProviderError,
  type LoginRequest,
  type OptionSpec,
  PROVIDER_API,
  type Provider,
  type ProviderEntry,
  ProviderError,
  type ProviderErrorCode,
  type ProviderEvent,
  type ProviderManifest,
  type Revocation,
  type ServerAnswer,
} from "@meshauth/provider-api";
import { expectTypeOf } from "vitest";

// Nothing here runs: this file is right when it compiles.
declare const host: Host;
declare const request: LoginRequest;

// --- a provider ---------------------------------------------------------------------------------------

const smallest = defineProvider({
  api: PROVIDER_API,
  id: "acme",
  login: async () => ({ kind: "local", serverName: "Acme" }),
});
expectTypeOf(smallest).toExtend<Provider>();
expectTypeOf(smallest.id).toEqualTypeOf<"acme">();
// @ts-expect-error what a provider does not have is not there
smallest.identify;

const fuller = defineProvider({
  api: { major: 1, minor: 0 },
  id: "acme",
  async login({ options, token }, { listen }) {
    expectTypeOf(options["anything"]).toEqualTypeOf<string | number | boolean | undefined>();
    expectTypeOf(token).toEqualTypeOf<string | undefined>();
    const receiver = await listen<{ code: string }>({
      parameters: ["code"],
      accept(parameters) {
        const code = parameters.get("code");
        return code ? { kind: "accept", value: { code } } : { kind: "refuse", reason: "no code" };
      },
    });
    expectTypeOf(receiver.wait).returns.resolves.toEqualTypeOf<{ code: string }>();
    const { code } = await receiver.wait("https://acme.example/login", "nothing came back");
    return { kind: "oauth2", serverName: "Acme", accessToken: code, origin: "https://acme.example" };
  },
  async refresh(credential) {
    return credential;
  },
  async revoke() {
    return { outcome: "not-supported", page: "https://acme.example/sessions" };
  },
  async identify() {
    return { id: "1", name: "A", email: "a@acme.example" };
  },
  async saved() {},
});
expectTypeOf(fuller.revoke).returns.resolves.toExtend<Revocation>();
expectTypeOf<Parameters<NonNullable<Provider["identify"]>>>().toEqualTypeOf<[Credential, Host]>();

// @ts-expect-error a provider has to log in
defineProvider({ api: PROVIDER_API, id: "acme" });
// @ts-expect-error it says which contract it was written for
defineProvider({ id: "acme", login: async () => ({ kind: "local", serverName: "Acme" }) });
// @ts-expect-error the version is two numbers, not text
defineProvider({ api: "1.0", id: "acme", login: async () => ({ kind: "local", serverName: "Acme" }) });
// @ts-expect-error a login gives a credential, not a token
defineProvider({ api: PROVIDER_API, id: "acme", login: async () => "token" });
// @ts-expect-error it takes its time
defineProvider({ api: PROVIDER_API, id: "acme", login: () => ({ kind: "local", serverName: "Acme" }) });
defineProvider({
  api: PROVIDER_API,
  id: "acme",
  login: async () => ({ kind: "local", serverName: "Acme" }),
  // @ts-expect-error an account has an id
  identify: async () => ({ name: "A" }),
});
// @ts-expect-error a request is read, not written
request.force = true;
// @ts-expect-error so are its options
request.options["x"] = 1;

// --- credentials --------------------------------------------------------------------------------------

const credentials: Credential[] = [
  { kind: "local", serverName: "None" },
  { kind: "token", serverName: "Layer5", token: "t", members: { note: "n" } },
  { kind: "oauth2", serverName: "Layer5", accessToken: "a", refreshToken: "r", tokenType: "bearer" },
];
for (const credential of credentials) {
  if (credential.kind === "token") expectTypeOf(credential.token).toBeString();
  // @ts-expect-error not every kind has a token
  credential.token;
}
// @ts-expect-error a local credential has no token
export const localWithToken: Credential = { kind: "local", serverName: "None", token: "t" };
// @ts-expect-error a token credential has one
export const noToken: Credential = { kind: "token", serverName: "Layer5" };
// @ts-expect-error every credential says which provider it is for
export const noName: Credential = { kind: "token", token: "t" };
// @ts-expect-error auth.json holds strings only
export const numberMember: Credential = { kind: "local", serverName: "None", members: { at: 1 } };
const oauth2 = { kind: "oauth2", serverName: "A", accessToken: "a" } as const;
// @ts-expect-error what is not there is left out, not undefined
export const undefinedToken: Credential = { ...oauth2, refreshToken: undefined };
// @ts-expect-error times are text here
export const dateExpiry: Credential = { ...oauth2, expiry: new Date() };

// --- the host -----------------------------------------------------------------------------------------

expectTypeOf(host.fetch).returns.resolves.toEqualTypeOf<HostResponse>();
expectTypeOf<HostResponse["json"]>().returns.toBeUnknown();
expectTypeOf(host.env["HOME"]).toEqualTypeOf<string | undefined>();
// @ts-expect-error the host is not the provider's to change
host.interactive = true;
// @ts-expect-error nor is the environment
host.env["HOME"] = "/";
// @ts-expect-error bodies are text
host.fetch("https://acme.example", { body: new Uint8Array() });
// @ts-expect-error redirects are never followed, so there is no choice
host.fetch("https://acme.example", { redirect: "follow" });
// @ts-expect-error a listener says which parameters count
host.listen({ accept: () => ({ kind: "refuse", reason: "no" }) });
// @ts-expect-error a decision is made at once
host.listen({ parameters: [], accept: async () => ({ kind: "refuse", reason: "no" }) });
// @ts-expect-error a refusal has a reason
export const noReason: Decision<string> = { kind: "refuse" };
// @ts-expect-error only steps and warnings are told
export const otherEvent: ProviderEvent = { type: "error", message: "no" };
host.report({ type: "step", message: "working" });

const answer = {} as ServerAnswer<Account>;
// @ts-expect-error there is an account only in a good answer
answer.value;
if (answer.kind === "ok") expectTypeOf(answer.value).toEqualTypeOf<Account>();
if (answer.kind === "refused") {
  expectTypeOf(answer.why).toEqualTypeOf<"no-token" | "bad-token" | "unknown-provider">();
}

// --- errors -------------------------------------------------------------------------------------------

new ProviderError("denied", "no", { reason: "because", next: ["meshauth login"], cause: new Error() });
// @ts-expect-error the classes of errors are a closed set
new ProviderError("broken", "no");
// @ts-expect-error next commands are a list
new ProviderError("denied", "no", { next: "meshauth login" });
const caught: unknown = undefined;
if (isProviderError(caught)) expectTypeOf(caught.code).toEqualTypeOf<ProviderErrorCode>();
// @ts-expect-error what was caught may be anything
caught.code;

// --- the manifest -------------------------------------------------------------------------------------

const entry: ProviderEntry = {
  id: "acme",
  title: "Acme",
  summary: "Sign in at Acme",
  module: "./dist/index.js",
  flows: ["browser", "paste"],
  serverNames: ["Acme"],
  hosts: ["https://login.acme.example", "configured"],
  options: [{ name: "realm", type: "string", summary: "Realm", values: ["a", "b"], required: true }],
};
export const manifest: ProviderManifest = { api: "1.0", providers: [entry] };
// @ts-expect-error the module is a path inside the package
export const outside: ProviderEntry = { ...entry, module: "acme/dist/index.js" };
// @ts-expect-error the flows are a closed set
export const otherFlow: ProviderEntry = { ...entry, flows: ["telepathy"] };
// @ts-expect-error options have one of a few types
export const otherType: OptionSpec = { name: "x", type: "date", summary: "X" };
// @ts-expect-error every option is explained
export const unexplained: OptionSpec = { name: "x", type: "string" };
