export declare interface Account {
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
}

export declare interface ApiVersion {
  readonly major: number;
  readonly minor: number;
}

declare const brand: unique symbol;

export declare interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

export declare type Credential = LocalCredential | TokenCredential | OAuth2Credential;

declare interface CredentialBase {
  readonly serverName: string;
  readonly origin?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly members?: Readonly<Record<string, string>>;
}

export declare type Decision<T> =
  | {
      readonly kind: "accept";
      readonly value: T;
    }
  | {
      readonly kind: "refuse";
      readonly reason: string;
    }
  | {
      readonly kind: "fail";
      readonly reason: string;
      readonly error?: Error;
    };

export declare function defineProvider<const P extends Provider>(provider: P): P;

export declare interface DeviceLogin<T> {
  readonly link: string | URL;
  readonly code?: string;
  readonly expiresAt?: Date;
  poll(signal: AbortSignal): Promise<T>;
}

export declare type Flow = "browser" | "device" | "paste" | "file" | "local";

export declare const FLOWS: readonly Flow[];

export declare function goesBy(entry: Pick<ServerProvider, "key" | "name">, name: string): boolean;

export declare interface Host {
  readonly signal: AbortSignal;
  readonly interactive: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string | undefined;
  readonly server: MesheryServer;
  now(): Date;
  fetch(url: string | URL, init?: HostRequest): Promise<HostResponse>;
  wantsBrowser(): Promise<boolean>;
  listen<T>(options: ListenOptions<T>): Promise<Receiver<T>>;
  device<T>(login: DeviceLogin<T>): Promise<T>;
  ask(question: { readonly message: string; readonly secret?: boolean }): Promise<string>;
  confirm(question: { readonly message: string; readonly initial?: boolean }): Promise<boolean>;
  choose(question: {
    readonly message: string;
    readonly choices: readonly Choice[];
    readonly initial?: string;
  }): Promise<string>;
  readStdin(limit: number): Promise<Uint8Array>;
  report(event: ProviderEvent): void;
  secret(value: string): void;
  debug(message: string): void;
}

export declare interface HostRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeout?: number;
}

export declare interface HostResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  json(): unknown;
}

export declare function isCompatible(wanted: ApiVersion, offered?: ApiVersion): boolean;

export declare function isProviderError(error: unknown): error is ProviderError;

export declare interface ListenOptions<T> {
  readonly redirectUri?: string;
  readonly parameters: readonly string[];
  accept(parameters: ReadonlyMap<string, string>): Decision<T>;
  acceptPasted?(text: string): Decision<T>;
}

export declare interface LocalCredential extends CredentialBase {
  readonly kind: "local";
}

export declare interface LoginRequest {
  readonly options: OptionValues;
  readonly serverName?: string;
  readonly token?: string;
  readonly force: boolean;
}

export declare interface MesheryServer {
  readonly url: string;
  providers(): Promise<ServerAnswer<readonly ServerProvider[]>>;
  token(credential: ServerCredential): Promise<
    ServerAnswer<
      ServerCredential & {
        readonly members: Readonly<Record<string, string>>;
      }
    >
  >;
  user(credential: ServerCredential): Promise<ServerAnswer<Account>>;
}

export declare const NAME_PATTERN: RegExp;

export declare interface OAuth2Credential extends CredentialBase {
  readonly kind: "oauth2";
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly tokenType?: string;
  readonly expiry?: string;
}

export declare interface OptionSpec {
  readonly name: string;
  readonly type: "string" | "boolean" | "integer" | "url" | "file";
  readonly summary: string;
  readonly argument?: boolean;
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly env?: string;
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
}

export declare type OptionValues = Readonly<Record<string, string | number | boolean | undefined>>;

export declare function parseApiVersion(text: unknown): ApiVersion | undefined;

export declare function printable(text: string, limit?: number): string;

export declare interface Provider {
  readonly api: ApiVersion;
  readonly id: string;
  login(request: LoginRequest, host: Host): Promise<Credential>;
  refresh?(credential: Credential, host: Host): Promise<Credential>;
  revoke?(credential: Credential, host: Host): Promise<Revocation>;
  identify?(credential: Credential, host: Host): Promise<Account>;
  saved?(request: LoginRequest, host: Host): Promise<void>;
}

export declare const PROVIDER_API: ApiVersion;

export declare interface ProviderEntry {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly module: `./${string}`;
  readonly flows: readonly Flow[];
  readonly serverNames?: readonly string[];
  readonly hosts?: readonly string[];
  readonly options?: readonly OptionSpec[];
}

export declare class ProviderError extends Error {
  readonly name = "ProviderError";
  readonly [brand] = true;
  readonly code: ProviderErrorCode;
  readonly reason: string | undefined;
  readonly next: readonly string[];
  constructor(code: ProviderErrorCode, message: string, options?: ProviderErrorOptions);
}

export declare type ProviderErrorCode =
  | "denied"
  | "expired"
  | "usage"
  | "input"
  | "interaction"
  | "unreachable"
  | "protocol";

export declare interface ProviderErrorOptions {
  readonly reason?: string;
  readonly next?: readonly string[];
  readonly cause?: unknown;
}

export declare type ProviderEvent =
  | {
      readonly type: "step";
      readonly message: string;
    }
  | {
      readonly type: "warning";
      readonly message: string;
    };

export declare interface ProviderManifest {
  readonly api: string;
  readonly providers: readonly ProviderEntry[];
}

export declare interface Receiver<T> {
  readonly redirectUri: string;
  readonly state: string;
  wait(link: string | URL, hint?: string): Promise<T>;
  close(): Promise<void>;
}

export declare type Revocation =
  | {
      readonly outcome: "revoked";
    }
  | {
      readonly outcome: "not-supported";
      readonly page?: string;
    };

export declare type ServerAnswer<T> =
  | {
      readonly kind: "ok";
      readonly value: T;
    }
  | {
      readonly kind: "refused";
      readonly why: "no-token" | "bad-token" | "unknown-provider";
      readonly outright?: boolean;
      readonly message: string;
    }
  | {
      readonly kind: "unavailable";
      readonly message: string;
    };

export declare interface ServerCredential {
  readonly serverName: string;
  readonly token: string;
}

export declare interface ServerProvider {
  readonly key: string;
  readonly name: string;
  readonly type: "local" | "remote";
  readonly url?: string;
}

export declare function shellWord(text: string): string;

export declare function storableName(entry: Pick<ServerProvider, "key" | "name">): string | undefined;

export declare interface TokenCredential extends CredentialBase {
  readonly kind: "token";
  readonly token: string;
}

export declare const UNSAFE_CHARACTERS = "\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}";
