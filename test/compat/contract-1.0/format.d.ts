declare interface Account {
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
}

export declare interface AuthJson {
  readonly serverName: string | undefined;
  readonly token: string | undefined;
  readonly members: ReadonlyMap<string, string>;
  readonly bom: boolean;
  readonly warnings: readonly AuthJsonWarning[];
}

export declare interface AuthJsonWarning {
  readonly code: "bom" | "duplicate-key" | "ignored-key";
  readonly message: string;
}

declare const brand: unique symbol;

declare type Credential = LocalCredential | TokenCredential | OAuth2Credential;

declare interface CredentialBase {
  readonly serverName: string;
  readonly origin?: string;
  readonly members?: Readonly<Record<string, string>>;
}

export declare function decodeUtf8(bytes: Uint8Array): string;

export declare function encodeEnvelope(parts: EnvelopeParts): string;

export declare interface EnvelopeParts {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly tokenType?: string;
  readonly expiry?: string;
}

export declare function flawOfServerName(name: string): string | undefined;

export declare function formatAuthJson(members: ReadonlyMap<string, string>): string;

export declare function inspectToken(text: string): TokenInspection;

export declare function isJsonError(error: unknown): error is JsonError;

export declare function isLater(token: string, sent: string): boolean;

export declare function isLocalName(name: string): boolean;

export declare class JsonError extends Error {
  readonly name = "JsonError";
  readonly [brand] = true;
  readonly reason: string;
  constructor(reason: string);
}

export declare type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>;

declare interface LocalCredential extends CredentialBase {
  readonly kind: "local";
}

export declare function namedType(value: JsonValue): string;

declare interface OAuth2Credential extends CredentialBase {
  readonly kind: "oauth2";
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly tokenType?: string;
  readonly expiry?: string;
}

export declare function parseAuthJson(input: Uint8Array | string, options?: ParseAuthJsonOptions): AuthJson;

export declare interface ParseAuthJsonOptions {
  readonly lenient?: boolean;
}

export declare interface ParsedJson {
  readonly value: JsonValue;
  readonly bom: boolean;
  readonly duplicates: readonly string[];
}

export declare function parseExpiry(text: string): Date | "none" | "invalid";

export declare function parseJson(input: Uint8Array | string, options?: ParseJsonOptions): ParsedJson;

export declare interface ParseJsonOptions {
  readonly duplicates?: "refuse" | "last";
  readonly maxDepth?: number;
}

export declare function parseToken(text: string): TokenForm;

export declare function readAccount(body: unknown): Account | undefined;

export declare const RESERVED_KEYS: ReadonlySet<string>;

export declare const SERVER_NAME_KEY = "meshery-provider";

export declare function showKey(key: string): string;

export declare function storedToken(credential: Credential): string;

export declare function textMember(object: unknown, name: string): string | undefined;

export declare const TOKEN_KEY = "token";

declare interface TokenCredential extends CredentialBase {
  readonly kind: "token";
  readonly token: string;
}

export declare type TokenForm =
  | ({
      readonly form: "envelope";
    } & EnvelopeParts)
  | {
      readonly form: "jwt";
    }
  | {
      readonly form: "opaque";
      readonly warning?: string;
    }
  | {
      readonly form: "invalid";
      readonly reason: string;
    };

export declare interface TokenInspection {
  readonly form: "none" | "envelope" | "jwt" | "opaque";
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly tokenType?: string;
  readonly refreshable: boolean;
  readonly expiresAt?: Date;
  readonly issuedAt?: Date;
  readonly subject?: string;
  readonly issuer?: string;
}

export declare function withRefreshToken(renewed: string, old: string): string;
